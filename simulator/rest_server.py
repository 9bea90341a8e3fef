"""The REST API on a socket of the loopback address, for a service that runs in a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from simulator.company import PhoneCompany
from simulator.rest import rest_app


@asynccontextmanager
async def serving_rest(company: PhoneCompany, port: int) -> AsyncIterator[None]:
    """Serve the company's API until the block ends."""
    server = uvicorn.Server(uvicorn.Config(rest_app(company), port=port, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving
