"""Gives Schemathesis ids and names of existing objects, which it would hardly ever guess at random.

Every thing that the server answers with is remembered by its resource, the first part of its path. A request then gets, half
of the time, one of these in the place of a made-up id or name. The choice depends on nothing but the order of the requests.
"""

import atexit
import os
from collections import Counter
from random import Random

import requests
import schemathesis

chance = Random(int(os.environ.get("MINTAKA_FUZZ_SEED", "1")))
known = {}
statuses = Counter()
succeeded = set()

# The resource of an id or name in a field or a path parameter; for a plain id or name, the resource of the path itself.
RESOURCES = {
    "flow_id": "flows",
    "flow_run_id": "flow_runs",
    "task_run_id": "task_runs",
    "parent_task_run_id": "task_runs",
    "deployment_id": "deployments",
    "work_queue_id": "work_queues",
    "work_pool_id": "work_pools",
    "block_type_id": "block_types",
    "block_schema_id": "block_schemas",
    "block_document_id": "block_documents",
    "infrastructure_document_id": "block_documents",
    "storage_document_id": "block_documents",
    "flow_name": "flows",
    "deployment_name": "deployments",
    "work_pool_name": "work_pools",
    "work_queue_name": "work_queues",
    "block_document_name": "block_documents",
}
OWN = ("id", "name", "slug", "tag", "checksum")

# One object of each resource, created before the first request. Fields with an id are filled in.
WORLD = [
    ("flows/", {"name": "known"}),
    ("block_types/", {"name": "Known", "slug": "known"}),
    ("block_schemas/", {"block_type_id": "", "fields": {"title": "Known", "block_type_slug": "known"}}),
    ("block_documents/", {"name": "known", "data": {}, "block_type_id": "", "block_schema_id": ""}),
    ("flow_run_notification_policies/", {"is_active": True, "state_names": [], "tags": [], "block_document_id": ""}),
    ("work_pools/", {"name": "known"}),
    ("work_pools/known/queues", {"name": "known"}),
    ("work_queues/", {"name": "known"}),
    ("deployments/", {"name": "known", "flow_id": "", "work_pool_name": "known", "schedule": {"interval": 3600}}),
    ("flow_runs/", {"flow_id": "", "state": {"type": "SCHEDULED"}}),
    ("task_runs/", {"flow_run_id": "", "task_key": "known", "dynamic_key": "0", "state": {"type": "RUNNING"}}),
    ("concurrency_limits/", {"tag": "known", "concurrency_limit": 1}),
    ("saved_searches/", {"name": "known"}),
]


@schemathesis.hook
def after_load_schema(context, schema):
    base = os.environ["MINTAKA_FUZZ_URL"] + "/api/"
    for path, body in WORLD:
        fill(body, "", always=True)
        method = "PUT" if path == "saved_searches/" else "POST"
        answer = requests.request(method, base + path, json=body, timeout=10)
        answer.raise_for_status()
        remember(resource_of("/api/" + path), answer.json())


@schemathesis.hook
def before_call(context, case, kwargs):
    # The first objects are kept, because others depend on them.
    if case.method == "DELETE" and chance.random() < 0.8:
        return
    resource = resource_of(case.operation.path)
    for part in (case.path_parameters, case.query, case.body):
        fill(part, resource)


@schemathesis.hook
def after_call(context, case, response):
    statuses[response.status_code] += 1
    if response.status_code < 300:
        succeeded.add(case.operation.label)
    if response.status_code in (200, 201) and case.method != "DELETE":
        try:
            remember(resource_of(case.operation.path), response.json())
        except ValueError:
            return


@atexit.register
def tell_answers():
    told = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    print(f"\nanswers: {told}; {len(succeeded)} operations succeeded")


def resource_of(path):
    parts = path.split("/")[2:]
    if "queues" in parts:
        return "work_queues"
    if parts[-1].startswith("block_documents") or "block_documents" in parts:
        return "block_documents"
    return parts[0]


def remember(resource, answer):
    for thing in answer if isinstance(answer, list) else [answer]:
        if isinstance(thing, dict) and isinstance(thing.get("id"), str):
            things = known.setdefault(resource, [])
            if len(things) > 50:
                # The first one belongs to the world.
                things.pop(1 + chance.randrange(50))
            things.append(thing)


def fill(part, resource, always=False):
    if isinstance(part, list):
        for item in part:
            fill(item, resource, always)
    if not isinstance(part, dict):
        return
    for name, value in part.items():
        if isinstance(value, (dict, list)):
            fill(value, resource, always)
            continue
        field = name if name in OWN else "id" if name.endswith("_id") else "name"
        things = known.get(RESOURCES.get(name) or (resource if name in OWN else ""), [])
        if not things or not isinstance(value, str) or not (always or chance.random() < 0.5):
            continue
        found = chance.choice(things).get(field)
        # A path with an empty segment is another path.
        if isinstance(found, str) and found != "":
            part[name] = found
