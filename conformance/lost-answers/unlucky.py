"""A flow and related client requests over a network that loses the first answer to every write."""

import asyncio

from prefect import flow, get_run_logger, task
from prefect.client import get_client
from prefect.orion.schemas.states import Scheduled


@task
def step(number: int):
    get_run_logger().info("step %s", number)
    return number


@flow(name="unlucky")
def unlucky():
    return [future.result() for future in step.map([0, 1, 2])]


async def around():
    async with get_client() as client:
        flow_id = await client.create_flow_from_name("deployed")
        deployment_id = await client.create_deployment(flow_id=flow_id, name="unlucky")
        run = await client.create_flow_run_from_deployment(deployment_id)
        await client.update_flow_run(run.id, name="renamed")
        await client.set_flow_run_state(run.id, Scheduled())
        await client.create_concurrency_limit(tag="unlucky", concurrency_limit=1)
        await client.delete_concurrency_limit_by_tag("unlucky")
        queue = await client.create_work_queue("unlucky")
        await client.delete_work_queue_by_id(queue.id)


assert unlucky() == [0, 1, 2]
asyncio.run(around())
print("done")
