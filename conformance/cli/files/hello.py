"""Flows that are deployed from the command line."""

from typing import Optional

from prefect import flow, get_run_logger, task
from prefect.task_runners import SequentialTaskRunner


@task
def greet(name):
    get_run_logger().info("Hello %s", name)
    return name


@flow(name="hello", version="1", description="Greets", task_runner=SequentialTaskRunner())
def hello(name: str = "somebody", times: int = 1, title: Optional[str] = None):
    return [greet(name) for _ in range(times)]


@flow(name="without parameters")
def bare():
    return 1
