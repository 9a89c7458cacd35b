"""Flows that use the features of runs, written with the real client. Usage: python scenarios.py NAME..."""

import asyncio
import datetime
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

import httpx
from prefect import (
    allow_failure,
    flow,
    get_run_logger,
    pause_flow_run,
    tags,
    task,
    unmapped,
)
from prefect.client.orion import get_client
from prefect.context import get_run_context
from prefect.exceptions import Abort
from prefect.filesystems import LocalFileSystem
from prefect.logging.handlers import OrionHandler
from prefect.orion.schemas.states import Completed, Failed
from prefect.task_runners import SequentialTaskRunner
from prefect.tasks import exponential_backoff, task_input_hash

API = os.environ["PREFECT_API_URL"]
scenarios = {}


def scenario(function):
    """Registers a function that runs one scenario."""
    scenarios[function.__name__] = function
    return function


@task
def add(x, y):
    return x + y


@task
def fail(message="no"):
    raise ValueError(message)


@task(tags=["noted"])
def note(value):
    get_run_logger().info("noted %s", value)
    return value


# --- mapping, dependencies, tags


@flow(name="mapped", version="7", description="Maps over lists")
def mapped_flow(numbers: List[int], offset: int = 10):
    sums = add.map(numbers, unmapped(offset))
    doubled = add.map(sums, sums)
    with tags("late", "second"):
        last = note.submit(doubled[0], wait_for=[doubled[1]])
    return [future.result() for future in doubled] + [last.result()]


@scenario
def mapped():
    with tags("outer"):
        assert mapped_flow([1, 2, 3]) == [22, 24, 26, 22]


@flow(name="sequential", task_runner=SequentialTaskRunner())
def sequential_flow():
    first = note.submit(1)
    second = note.submit(first)
    return note(second)


@scenario
def sequential():
    assert sequential_flow() == 1


@flow(name="asynchronous")
async def asynchronous_flow():
    @task(name="async task")
    async def double(x):
        await asyncio.sleep(0)
        return 2 * x

    futures = [await double.submit(number) for number in range(3)]
    return [await future.result() for future in futures]


@scenario
def asynchronous():
    assert asyncio.run(asynchronous_flow()) == [0, 2, 4]


# --- retries


@task(retries=2, retry_delay_seconds=1)
def second_time_lucky():
    if get_run_context().task_run.run_count < 2:
        raise ValueError("first time")
    return "done"


@task(retries=3, retry_delay_seconds=[0, 1])
def third_time_lucky():
    if get_run_context().task_run.run_count < 3:
        raise ValueError("again")
    return "done"


@task(retries=1, retry_delay_seconds=exponential_backoff(0))
def never_lucky():
    raise ValueError("never")


@flow(name="task retries", task_runner=SequentialTaskRunner())
def task_retries_flow():
    lucky = [second_time_lucky.submit(), third_time_lucky.submit()]
    never = never_lucky.submit()
    return [future.wait().name for future in lucky] + [never.wait().name]


@scenario
def task_retries():
    assert task_retries_flow() == ["Completed", "Completed", "Failed"]


attempts = []


@flow(name="flow retries", retries=2, retry_delay_seconds=1, task_runner=SequentialTaskRunner())
def flow_retries_flow():
    note("each time")
    attempts.append(1)
    if len(attempts) < 3:
        fail("attempt")
    return "done"


@scenario
def flow_retries():
    assert flow_retries_flow() == "done"


# --- subflows


@flow(name="child", flow_run_name="child of {parent}")
def child_flow(parent: str, works: bool = True):
    add(1, 2)
    if not works:
        raise ValueError("child fails")
    return parent


@flow(name="parent", task_runner=SequentialTaskRunner())
def parent_flow():
    first = child_flow("first")
    state = child_flow("second", works=False, return_state=True)
    third = child_flow("third", wait_for=[first])
    return [first, state.name, third]


@scenario
def subflows():
    assert parent_flow() == ["first", "Failed", "third"]


# --- caches


@task(cache_key_fn=task_input_hash, cache_expiration=datetime.timedelta(days=1))
def hashed(x):
    return x


@task(cache_key_fn=lambda context, parameters: "one key", refresh_cache=True, persist_result=True)
def refreshed(x):
    return x


@flow(name="cached", task_runner=SequentialTaskRunner(), persist_result=True)
def cached_flow():
    states = [hashed.submit(1).wait().name for _ in range(3)]
    states += [refreshed.submit(x).wait().name for x in range(2)]
    states += [refreshed.with_options(refresh_cache=False).submit(5).wait().name]
    return states


@scenario
def cached():
    assert cached_flow() == ["Completed", "Cached", "Cached", "Completed", "Completed", "Cached"]


@scenario
def cached_before():
    """The result of an earlier run of `cached` is found."""
    states = cached_flow()
    assert states == ["Cached", "Cached", "Cached", "Completed", "Completed", "Cached"], states


# --- failures and final states


@flow(name="failing")
def failing_flow(how: str):
    if how == "exception":
        raise ValueError("the flow itself")
    if how == "task":
        return fail.submit("in a task")
    if how == "state":
        return Failed(message="by hand")
    if how == "named":
        return Completed(message="all fine", name="Own name")
    if how == "states":
        return [note.submit(1), fail.submit("one of two")]
    if how == "downstream":
        return note.submit(fail.submit("upstream"))
    if how == "allowed":
        return note.submit(allow_failure(fail.submit("allowed"))).wait().name
    return how


@scenario
def failures():
    for how in ["exception", "task", "state", "named", "states", "downstream", "allowed", "plain"]:
        failing_flow(how, return_state=True)


@task(timeout_seconds=1, name="slow task")
def slow_task():
    time.sleep(3)


@flow(name="timeouts", timeout_seconds=30)
def task_timeout_flow():
    return slow_task.submit().wait().name


@flow(name="slow flow", timeout_seconds=1)
def slow_flow():
    for _ in range(30):
        time.sleep(0.1)


@scenario
def timeouts():
    assert task_timeout_flow() in ("Failed", "TimedOut")
    assert slow_flow(return_state=True).name in ("Failed", "TimedOut")


@flow(name="crashing")
def crashing_flow(error: str):
    note("before")
    raise KeyboardInterrupt() if error == "interrupt" else SystemExit(3)


@scenario
def crashes():
    for error in ["interrupt", "exit"]:
        try:
            crashing_flow(error)
        except BaseException as crash:
            print(type(crash).__name__)


# --- pauses


def post_later(seconds: float, path: str, body: Any = None):
    def post():
        time.sleep(seconds)
        httpx.post(f"{API}{path}", json=body).raise_for_status()

    threading.Thread(target=post, daemon=True).start()


@flow(name="paused", task_runner=SequentialTaskRunner())
def paused_flow():
    note("before")
    post_later(1.5, f"/flow_runs/{get_run_context().flow_run.id}/resume")
    pause_flow_run(timeout=60, poll_interval=1)
    note("between")
    post_later(1.5, f"/flow_runs/{get_run_context().flow_run.id}/resume")
    pause_flow_run(timeout=60, poll_interval=1, key="second")
    return note("after")


@scenario
def pauses():
    assert paused_flow() == "after"


@flow(name="pause runs out", task_runner=SequentialTaskRunner())
def expired_flow():
    pause_flow_run(timeout=2, poll_interval=1)


@scenario
def pause_timeout():
    print(expired_flow(return_state=True).name)


# --- cancellation from outside while the run continues


@flow(name="cancelled", task_runner=SequentialTaskRunner())
def cancelled_flow():
    note("before")
    path = f"/flow_runs/{get_run_context().flow_run.id}/set_state"
    httpx.post(f"{API}{path}", json={"state": {"type": "CANCELLING"}}).raise_for_status()
    httpx.post(f"{API}{path}", json={"state": {"type": "CANCELLED", "message": "stop"}}).raise_for_status()
    note("after")


@scenario
def cancellation():
    try:
        cancelled_flow()
    except Abort as abort:
        print(abort)


# --- results


@flow(name="results", task_runner=SequentialTaskRunner(), result_serializer="json")
def results_flow():
    @task(persist_result=True)
    def stored(value):
        return value

    @task(persist_result=True, result_serializer="compressed/pickle", cache_result_in_memory=False)
    def compressed(value):
        return value

    @task
    def nothing():
        return None

    @task
    def truth():
        return True

    return [stored({"a": [1, None]}), compressed("x" * 10_000), nothing(), truth()]


@scenario
def results():
    folder = tempfile.mkdtemp(prefix="mintaka-results-")
    block = LocalFileSystem(basepath=folder)
    block.save("results", overwrite=True)
    storage = LocalFileSystem.load("results")
    state = results_flow.with_options(result_storage=storage, persist_result=True)(return_state=True)
    assert state.result()[0] == {"a": [1, None]}
    print(len(list(Path(folder).iterdir())))


# --- logs


@flow(name="logs", log_prints=True, task_runner=SequentialTaskRunner())
def logs_flow():
    logger = get_run_logger()
    for line in range(500):
        logger.info("line %d", line)
    logger.debug("not sent at this level")
    logger.warning("ünï ☃ %s", {"a": 1})
    logger.error("multiple\nlines")
    print("printed")
    note("in a task")


@scenario
def logs():
    logs_flow()


# --- names and parameters


@flow(name="named ☃", flow_run_name="{word}-{number}")
def named_flow(word: str, number: int):
    @task(task_run_name="{x} and {y}")
    def named_task(x, y):
        return x

    return named_task(word, number)


@scenario
def names():
    assert named_flow("ünï", "12") == "ünï"


@flow(name="parameters", validate_parameters=True)
def parameters_flow(
    anything: Any,
    mapping: Dict[str, Any],
    when: datetime.datetime,
    path: Path,
    optional: Optional[float] = None,
    flag: bool = False,
):
    return len(mapping)


@scenario
def parameters():
    odd = {"ü": ["☃", None, True, 1.0, 1e16, -0.0, 2**53 + 1], "": {"a b": []}, '"': "\u0001\\/"}
    when = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    assert parameters_flow(odd, odd, when, Path("/x"), optional="1.5", flag="yes") == 3
    parameters_flow.with_options(name="wrong parameters")([], {}, "then", "/x", return_state=True)


# --- tag limits


@task(tags=["none at all"])
def forbidden():
    return 1


@task(tags=["one at a time"])
def limited(x):
    time.sleep(0.2)
    return x


@flow(name="limits", task_runner=SequentialTaskRunner())
def limits_flow():
    ones = [limited.submit(x).wait().name for x in range(3)]
    return ones + [forbidden.submit().wait().name]


async def set_limits():
    async with get_client() as client:
        await client.create_concurrency_limit("none at all", 0)
        await client.create_concurrency_limit("one at a time", 1)


@scenario
def limits():
    asyncio.run(set_limits())
    print(limits_flow(return_state=True).name)


@flow(name="waits for a slot")
def waiting_flow():
    return [future.wait().name for future in limited.map([1, 2])]


@scenario
def waiting():
    """Takes half a minute: the server tells a task run to wait that long for a slot."""
    asyncio.run(set_limits())
    assert waiting_flow() == ["Completed", "Completed"]


if __name__ == "__main__":
    failed = False
    for name in sys.argv[1:]:
        try:
            scenarios[name]()
        except BaseException as error:
            print(f"{name}: {type(error).__name__}: {error}")
            failed = True
    OrionHandler.flush(block=True)
    # The handler's thread may have read the last lines without having sent them.
    time.sleep(3)
    OrionHandler.flush(block=True)
    # A crashed or timed out flow leaves threads that would keep the process alive for minutes.
    sys.stdout.flush()
    os._exit(1 if failed else 0)
