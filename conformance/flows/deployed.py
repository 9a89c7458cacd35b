"""Flows that an agent or a worker runs from deployments. Usage: python deployed.py NAME..."""

import datetime
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
from prefect import flow, get_run_logger, pause_flow_run, task
from prefect.deployments import Deployment, run_deployment
from prefect.orion.schemas.schedules import IntervalSchedule
from prefect.task_runners import SequentialTaskRunner

API = os.environ["PREFECT_API_URL"]
HERE = Path(__file__).parent
ENVIRONMENT = {
    **os.environ,
    "PREFECT_AGENT_QUERY_INTERVAL": "1",
    "PREFECT_EXPERIMENTAL_ENABLE_WORKERS": "true",
}


@task
def step(name):
    get_run_logger().info("step %s", name)
    return name


@flow(name="deployed", task_runner=SequentialTaskRunner())
def deployed_flow(name: str = "somebody"):
    return step(name)


@flow(name="deployed and endless", task_runner=SequentialTaskRunner())
def endless_flow():
    step("start")
    time.sleep(900)


@flow(name="deployed and paused", task_runner=SequentialTaskRunner(), persist_result=True)
def rescheduled_flow():
    step("before")
    pause_flow_run(timeout=60, reschedule=True, key="once")
    return step("after")


def deploy(deployed, queue, name="here", **options):
    return Deployment.build_from_flow(
        deployed,
        name=name,
        path=str(HERE),
        entrypoint=f"deployed.py:{deployed.fn.__name__}",
        work_queue_name=queue,
        tags=["from a deployment"],
        parameters={"name": "the deployment"} if deployed is deployed_flow else {},
        skip_upload=True,
        load_existing=False,
        **options,
    ).apply()


def prefect(*arguments):
    return subprocess.Popen([str(Path(sys.executable).parent / "prefect"), *arguments], env=ENVIRONMENT)


def wait_for(run, *names, seconds=240):
    for _ in range(seconds * 5):
        state = httpx.get(f"{API}/flow_runs/{run.id}").json()["state"]
        if state["name"] in names:
            return state
        time.sleep(0.2)
    raise TimeoutError(f"{run.name} is {state['name']}, not {' or '.join(names)}")


def completed():
    deploy(deployed_flow, "once")
    run = run_deployment("deployed/here", timeout=0, flow_run_name="d3p 1", parameters={"name": "me"})
    agent = prefect("agent", "start", "-q", "once", "--run-once")
    wait_for(run, "Completed")
    agent.wait(60)


def ask(method, path, body=None):
    answer = httpx.request(method, f"{API}{path}", json=body)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def pooled():
    """An agent takes a run from a queue of a work pool."""
    ask("POST", "/work_pools/", {"name": "pool", "type": "prefect-agent"})
    deploy(deployed_flow, "inside", name="pooled", work_pool_name="pool")
    run = run_deployment("deployed/pooled", timeout=0, flow_run_name="d3p 4")
    agent = prefect("agent", "start", "-p", "pool", "--run-once")
    wait_for(run, "Completed")
    agent.wait(60)


def worked():
    """A worker creates its pool, which contains the address of this server for its runs, and takes a run from it."""
    assert prefect("worker", "start", "-p", "working", "-n", "the worker", "--run-once").wait(120) == 0
    template = ask("GET", "/work_pools/working")["base_job_template"]
    # A worker does not pass its environment on to the run.
    variables = [f"{name}={os.environ[name]}" for name in ("PREFECT_API_URL", "PREFECT_HOME")]
    command = [shutil.which("env"), *variables, sys.executable, "-m", "prefect.engine"]
    template["variables"]["properties"]["command"]["default"] = command
    ask("PATCH", "/work_pools/working", {"base_job_template": template})
    deploy(deployed_flow, None, name="worked", work_pool_name="working")
    run = run_deployment("deployed/worked", timeout=0, flow_run_name="d3p 5", parameters={"name": "work"})
    worker = prefect("worker", "start", "-p", "working", "-n", "the worker", "--run-once")
    wait_for(run, "Completed")
    worker.wait(60)


def scheduled():
    """The server's scheduler creates the runs, and an agent that polls repeatedly takes the first."""
    first = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=20)
    schedule = IntervalSchedule(interval=datetime.timedelta(minutes=10), anchor_date=first)
    deployment = deploy(deployed_flow, "scheduled", name="scheduled", schedule=schedule)
    agent = prefect("agent", "start", "-q", "scheduled")
    chosen = {
        "deployments": {"id": {"any_": [str(deployment)]}},
        "flow_runs": {"state": {"name": {"any_": ["Completed"]}}},
    }
    try:
        for _ in range(1200):
            if ask("POST", "/flow_runs/filter", chosen):
                break
            time.sleep(0.2)
        else:
            raise TimeoutError("No run of the schedule is completed.")
    finally:
        agent.terminate()
        agent.wait(60)
    # Removes the runs that are not due yet.
    ask("PATCH", f"/deployments/{deployment}", {"is_schedule_active": False})


def cancelled():
    deploy(endless_flow, "endless")
    run = run_deployment("deployed and endless/here", timeout=0, flow_run_name="d3p 2")
    agent = prefect("agent", "start", "-q", "endless")
    try:
        wait_for(run, "Running")
        time.sleep(2)
        cancelling = {"state": {"type": "CANCELLING", "message": "Cancelled by hand"}}
        httpx.post(f"{API}/flow_runs/{run.id}/set_state", json=cancelling).raise_for_status()
        wait_for(run, "Cancelled")
    finally:
        agent.terminate()
        agent.wait(60)


def paused():
    deploy(rescheduled_flow, "paused")
    run = run_deployment("deployed and paused/here", timeout=0, flow_run_name="d3p 3")
    agent = prefect("agent", "start", "-q", "paused")
    try:
        wait_for(run, "Paused")
        httpx.post(f"{API}/flow_runs/{run.id}/resume").raise_for_status()
        wait_for(run, "Completed", "Failed")
        time.sleep(2)
    finally:
        agent.terminate()
        agent.wait(60)


if __name__ == "__main__":
    scenarios = [completed, pooled, worked, scheduled, cancelled, paused]
    for name in sys.argv[1:]:
        {scenario.__name__: scenario for scenario in scenarios}[name]()
