"""Runs command lines of `prefect` in one process. Usage: python player.py STEPS.json > RESULTS.json

Each step is an object: `line` as typed after `prefect`; `keep`, a name for the last id that it prints, which later
lines write as $name; `input` for its standard input; `process`, whether it gets a process of its own. A line that
begins with @ is a function of this file, which prepares something through the client.
"""

import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import httpx

HERE = Path(__file__).parent
FOLDER = Path(tempfile.mkdtemp(prefix="mintaka-cli-"))
IDS = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
kept = {}
requests = []
preparations = {}


def preparation(function):
    """Registers a function as a step, @function-name."""
    preparations[function.__name__.replace("_", "-")] = function
    return function


def record_requests():
    send = httpx.AsyncClient.send

    async def recorded(self, request, **options):
        response = await send(self, request, **options)
        # A separate thread sends logs, at any time.
        if not request.url.path.endswith("/logs/"):
            requests.append(f"{request.method} {request.url.path} {response.status_code}")
        return response

    httpx.AsyncClient.send = recorded


def keep_certificates():
    """Reads the certificates once: the client of each command would read them again, and nothing here needs them."""
    transports = httpx._transports.default
    transports.create_ssl_context = functools.lru_cache(transports.create_ssl_context)


@preparation
def save_blocks():
    from prefect.blocks.system import JSON, Secret
    from prefect.filesystems import LocalFileSystem
    from prefect.infrastructure import Process

    Secret(value="hidden").save("key")
    JSON(value={"a": [1, None, 1.5, "ünï"], "b": {}}).save("settings")
    LocalFileSystem(basepath=str(FOLDER / "storage")).save("files")
    Process(env={"FROM_BLOCK": "yes"}).save("own")


@preparation
def hold_slot(tag):
    """A task run that holds a slot of a tag's limit."""
    api = os.environ["PREFECT_API_URL"]
    flow = httpx.post(f"{api}/flows/", json={"name": "holder"}).json()["id"]
    run = httpx.post(f"{api}/flow_runs/", json={"flow_id": flow, "name": "holding run"}).json()["id"]
    task = {"flow_run_id": run, "task_key": "holds", "dynamic_key": "0", "tags": [tag]}
    task_run = httpx.post(f"{api}/task_runs/", json=task).json()["id"]
    for state in ({"type": "PENDING"}, {"type": "RUNNING"}):
        httpx.post(f"{api}/task_runs/{task_run}/set_state", json={"state": state}).raise_for_status()


@preparation
def write_logs(run):
    api = os.environ["PREFECT_API_URL"]
    logs = [
        {
            "name": "prefect.flow_runs",
            "level": 20 + 10 * (line % 3),
            "message": f"line {line} of many [bold] ünï",
            "timestamp": f"2020-01-01T00:{line // 60:02d}:{line % 60:02d}.123456+00:00",
            "flow_run_id": run,
        }
        for line in range(450)
    ]
    for start in range(0, len(logs), 200):
        httpx.post(f"{api}/logs/", json=logs[start : start + 200]).raise_for_status()


@preparation
def point_worker(pool):
    """Sets the address of this server for the runs of a pool: a worker does not pass its environment on to them."""
    api = os.environ["PREFECT_API_URL"]
    template = httpx.get(f"{api}/work_pools/{pool}").json()["base_job_template"]
    variables = [f"{name}={os.environ[name]}" for name in ("PREFECT_API_URL", "PREFECT_HOME")]
    command = [shutil.which("env"), *variables, sys.executable, "-m", "prefect.engine"]
    template["variables"]["properties"]["command"]["default"] = command
    httpx.patch(f"{api}/work_pools/{pool}", json={"base_job_template": template}).raise_for_status()


@preparation
def submit(file):
    """Adds a deployment to a place where workers look for deployments."""
    storage = Path(os.environ["PREFECT_HOME"]) / "workflows"
    storage.mkdir(exist_ok=True)
    shutil.copy(file, storage)


@preparation
def show(file):
    print(Path(file).read_text())


def substituted(line):
    return re.sub(r"\$(\w+)", lambda match: kept[match[1]], line)


def run_in_process(arguments):
    from prefect.cli.root import app

    try:
        app(arguments, prog_name="prefect")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return 0


def run_step(step):
    arguments = shlex.split(substituted(step["line"]))
    if step["line"].startswith("@"):
        preparations[arguments[0][1:]](*arguments[1:])
        return 0
    if step.get("process"):
        prefect = str(Path(sys.executable).parent / "prefect")
        return subprocess.run([prefect, *arguments], input=step.get("input", "").encode()).returncode
    return run_in_process(arguments)


def play(step):
    """Runs one step with its output redirected to files, including that of its child processes."""
    requests.clear()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as into:
        into.write(step.get("input", "").encode())
        into.seek(0)
        saved = [os.dup(number) for number in range(3)]
        for number, file in enumerate((into, out, err)):
            os.dup2(file.fileno(), number)
        sys.stdin = open(0, closefd=False)
        try:
            status = run_step(step)
        except BaseException:
            traceback.print_exc()
            status = -1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, copy in enumerate(saved):
                os.dup2(copy, number)
                os.close(copy)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
    if "keep" in step:
        found = IDS.findall(texts[0])
        if not found:
            raise LookupError(f"prefect {step['line']} prints no id but this: {texts}")
        kept[step["keep"]] = found[-1]
    # So the next object is later, even with clocks that have a resolution of a millisecond.
    time.sleep(0.002)
    return {"line": step["line"], "status": status, "stdout": texts[0], "stderr": texts[1], "requests": list(requests)}


def main():
    steps = json.loads(Path(sys.argv[1]).read_text())
    shutil.copytree(HERE / "files", FOLDER, dirs_exist_ok=True)
    os.chdir(FOLDER)
    record_requests()
    keep_certificates()
    results = []
    try:
        for step in steps:
            started = time.perf_counter()
            result = play(step)
            results.append({**result, "seconds": time.perf_counter() - started})
    finally:
        os.chdir("/")
        shutil.rmtree(FOLDER)
    print(json.dumps({"folders": [str(FOLDER), os.environ["PREFECT_HOME"]], "results": results}))


if __name__ == "__main__":
    main()
