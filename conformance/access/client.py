"""Uses a server as a client does: saves a block and loads its secret, runs a flow, polls a queue. Prints the results."""

import asyncio

from prefect import flow, get_client
from prefect.blocks.system import Secret


@flow
def answer():
    return 42


async def poll():
    async with get_client() as client:
        queue = await client.create_work_queue(name="access")
        return len(await client.get_runs_in_work_queue(queue.id, limit=1))


print("flow", answer())
print("poll", asyncio.run(poll()))
Secret(value="hush").save("access", overwrite=True)
print("secret", Secret.load("access").get())
