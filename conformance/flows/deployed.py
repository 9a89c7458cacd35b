"""Flows that an agent or a worker runs from deployments. Usage: python deployed.py NAME..."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
from prefect import flow, get_run_logger, pause_flow_run, task
from prefect.deployments import Deployment, run_deployment
from prefect.task_runners import SequentialTaskRunner

API = os.environ["PREFECT_API_URL"]
HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PREFECT_AGENT_QUERY_INTERVAL": "1"}


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


def deploy(deployed, queue):
    Deployment.build_from_flow(
        deployed,
        name="here",
        path=str(HERE),
        entrypoint=f"deployed.py:{deployed.fn.__name__}",
        work_queue_name=queue,
        tags=["from a deployment"],
        parameters={"name": "the deployment"} if deployed is deployed_flow else {},
        skip_upload=True,
        load_existing=False,
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
    for name in sys.argv[1:]:
        {"completed": completed, "cancelled": cancelled, "paused": paused}[name]()
