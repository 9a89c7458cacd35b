"""A flow that runs while the database of its server is unavailable. Usage: python survivor.py FOLDER

It touches FOLDER/ready when it is under way, works until FOLDER/stop is there, then once more, and prints its steps.
"""

import json
import sys
from pathlib import Path

from prefect import flow, get_run_logger, task

folder = Path(sys.argv[1])


@task
def step(number: int):
    get_run_logger().info("step %s", number)
    return number


@flow(name="survivor")
def survivor():
    done = []
    last = False
    while not last:
        last = (folder / "stop").exists()
        futures = step.map(range(len(done), len(done) + 3))
        done += [future.result() for future in futures]
        (folder / "ready").touch()
    return done


steps = survivor()
assert steps == list(range(len(steps))), steps
print(json.dumps({"steps": len(steps)}))
