"""
Asks Prefect 2.8.0 (its pydantic, its schemas, its FastAPI application) once more about every input in the files of this folder,
and writes the answers beside the inputs. To add a case, write its input without an answer, then run

    $(npx node packages/testing/src/reference.ts) packages/contract/test/reference/regenerate.py

An unchanged file means that the answers are as they were. Inputs are JSON texts, so that numbers stay as they were written.
"""

import asyncio
import datetime
import enum
import json
import math
import os
import pathlib
import random
import tempfile
import typing
import uuid

os.environ["PREFECT_HOME"] = tempfile.mkdtemp()
os.environ["PREFECT_LOGGING_SERVER_LEVEL"] = "CRITICAL"
os.environ["PREFECT_EXPERIMENTAL_ENABLE_WORK_POOLS"] = "true"
os.environ["PREFECT_EXPERIMENTAL_ENABLE_WORKERS"] = "true"

import httpx
import pendulum
import pydantic
from prefect.orion.api.server import create_app
from prefect.orion.schemas import actions, filters
from prefect.orion.utilities.schemas import DateTimeTZ

folder = pathlib.Path(__file__).parent
SOME_ID = "5f0c1a52-3b0e-4a0a-9d61-1b8a0d3f7d11"


class Color(enum.Enum):
    RED = "RED"
    BLUE = "BLUE"


class Point(pydantic.BaseModel):
    x: int
    y: int = 2


class Strict(pydantic.BaseModel):
    class Config:
        extra = "forbid"

    x: int
    o: typing.Optional[str] = None


class A(pydantic.BaseModel):
    kind: typing.Literal["a"] = "a"
    id: uuid.UUID


class B(pydantic.BaseModel):
    kind: typing.Literal["b"] = "b"
    name: str


# The same types under the same names are in ../wire/pydantic-cases.test.ts.
TYPES = {
    "text": (str, ...),
    "shortText": (str, pydantic.Field(..., min_length=2, max_length=4)),
    "slug": (str, pydantic.Field(..., regex="^[a-z]*$")),
    "integer": (int, ...),
    "natural": (int, pydantic.Field(..., ge=0)),
    "between": (int, pydantic.Field(..., gt=1, lt=5)),
    "most": (int, pydantic.Field(..., le=3)),
    "float": (float, ...),
    "positive": (float, pydantic.Field(..., gt=0)),
    "boolean": (bool, ...),
    "uuid": (uuid.UUID, ...),
    "dateTimeTz": (DateTimeTZ, ...),
    "duration": (datetime.timedelta, ...),
    "choice": (Color, ...),
    "literal": (typing.Literal["a"], ...),
    "json": (typing.Any, ...),
    "dict": (dict, ...),
    "dictOfInteger": (typing.Dict[str, int], ...),
    "list": (typing.List[str], ...),
    "listOfInteger": (typing.List[int], ...),
    "fewItems": (typing.List[int], pydantic.Field(..., min_items=1, max_items=2)),
    "set": (set, ...),
    "nullableInteger": (typing.Optional[int], ...),
    "model": (Point, ...),
    "strictModel": (Strict, ...),
    "union": (typing.Union[A, B], ...),
    "intOrList": (typing.Union[int, typing.List[int]], ...),
    "listOfModel": (typing.List[Point], ...),
    "nullableUnion": (typing.Optional[typing.Union[int, typing.List[int]]], ...),
}


def plain(value):
    """A value in JSON: times in UTC to the microsecond, durations in seconds, and Python's word for what JSON cannot express."""
    if isinstance(value, pydantic.BaseModel):
        return plain(value.dict())
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime.datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
        return pendulum.instance(moment).in_timezone("UTC").strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        if isinstance(value.get("anchor_date"), datetime.datetime):
            # The one moment that is stored with the offset that it came with.
            value = {**value, "anchor_date": value["anchor_date"].isoformat()}
        return {plain(key) if isinstance(key, str) else str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=lambda item: json.dumps(item, default=str))
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, pydantic.SecretStr):
        return value.get_secret_value()
    return value


def complaints(error):
    """The errors that FastAPI would send about the field, with locations below it."""
    return plain([{**problem, "loc": problem["loc"][1:]} for problem in error.errors()])


def held(kind, default, text):
    holder = pydantic.create_model("Holder", v=(kind, default))
    # Names that Prefect makes up are the same in every run.
    random.seed(0)
    return holder(v=json.loads(text)).v


def pydantic_answer(case):
    try:
        return {"value": plain(held(*TYPES[case["type"]], case["input"]))}
    except pydantic.ValidationError as error:
        return {"errors": complaints(error)}


def prefect_answer(case):
    schema = getattr(actions, case["schema"], None) or getattr(filters, case["schema"])
    try:
        read = held(schema, ..., case["input"])
    except pydantic.ValidationError as error:
        return {"errors": complaints(error)}
    every = plain(read)
    return {"value": {name: every[name] for name in every if name in read.__fields_set__}, "all": every}


OPERATIONS = {
    "FlowFilterBody": ("POST", "/flows/filter"),
    "LogsBody": ("POST", "/logs/"),
    "SetStateBody": ("POST", f"/flow_runs/{SOME_ID}/set_state"),
    "ResetConcurrencyLimitBody": ("POST", "/concurrency_limits/tag/t/reset"),
    "FlowRunHistoryBody": ("POST", "/flow_runs/history"),
    "ConfirmBody": ("POST", "/admin/database/clear"),
    "WorkerHeartbeatBody": ("POST", "/work_pools/p/workers/heartbeat"),
    "FlowRunNotificationPolicyFilterBody": ("POST", "/flow_run_notification_policies/filter"),
    "FlowUpdate": ("PATCH", f"/flows/{SOME_ID}"),
    "BlockDocumentFilterBody": ("POST", "/block_documents/filter"),
}


async def fastapi_answer(client, case):
    method, path = OPERATIONS[case["schema"]]
    headers = {"content-type": "application/json"}
    answer = await client.request(method, f"/api{path}", content=case["input"].encode(), headers=headers)
    # Whether an accepted body finds what it names makes no difference here.
    return {"errors": answer.json()["exception_detail"]} if answer.status_code == 422 else {}


async def fastapi_answers(cases):
    transport = httpx.ASGITransport(app=create_app(ephemeral=True), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://reference", timeout=60) as client:
        return [await fastapi_answer(client, case) for case in cases]


def read(name):
    return json.loads((folder / name).read_text())


def write(name, cases, answers):
    asked = [{key: case[key] for key in ("type", "schema", "input") if key in case} for case in cases]
    lines = [json.dumps({**case, **answer}, ensure_ascii=False) for case, answer in zip(asked, answers)]
    (folder / name).write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(name, len(lines))


for name, answer in [("pydantic-cases.json", pydantic_answer), ("prefect-schema-cases.json", prefect_answer)]:
    cases = read(name)
    write(name, cases, [answer(case) for case in cases])
cases = read("fastapi-body-cases.json")
write("fastapi-body-cases.json", cases, asyncio.run(fastapi_answers(cases)))
