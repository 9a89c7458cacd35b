"""Prints every command of the installed `prefect` command line with its options, as JSON."""

import json

import click
import prefect.cli
import typer
from prefect.cli.root import app


def commands(command, path=()):
    if not isinstance(command, click.Group):
        options = [param.opts for param in command.params if isinstance(param, click.Option)]
        yield {"name": " ".join(path), "options": [names for names in options if "--help" not in names]}
        return
    for name, inner in command.commands.items():
        # Aliases of a group are hidden.
        if not inner.hidden:
            yield from commands(inner, (*path, name))


print(json.dumps(list(commands(typer.main.get_command(app)))))
