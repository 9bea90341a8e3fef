"""A service is replaced or stopped while calls come in and panels listen."""

import asyncio
import contextlib
import math
import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.chaos.conftest import Company
from tests.chaos.load import steady_calls
from tests.chaos.processes import workers_of
from tests.chaos.promise import Recorder, promise_kept
from tests.chaos.scale import CALLS_PER_SECOND, scaled
from tests.panel.sse import listening
from tests.service import Service, all_ready, running_service

ASKED_AGAIN_AFTER = 65.0
pytestmark = pytest.mark.anyio
SECOND_TRIES = 0.02


async def test_a_new_service_takes_the_listening_socket_over_and_no_call_is_refused(
    company: Company, data_dir: Path, record_property: Recorder
) -> None:
    rounds = scaled(1, 5)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        port = listener.getsockname()[1]
        old = Service(data_dir, company.url, 2, port, listener=listener)
        services = [old]
        try:
            await old.start()
            await all_ready(old)
            async with steady_calls(port, CALLS_PER_SECOND) as load:
                for _ in range(rounds):
                    new = Service(data_dir, company.url, 2, port, listener=listener)
                    services.append(new)
                    await new.start()
                    await all_ready(new, besides=old)
                    assert await old.stop() < 5
                    old = new
                await asyncio.sleep(1)
            case = f"{rounds} rolling restarts over an inherited socket"
            await promise_kept(load, company.url, record_property, case, second_tries=SECOND_TRIES)
        finally:
            for service in services:
                await service.stop()


async def test_sighup_replaces_the_workers_and_sigterm_ends_them_within_three_seconds_though_panels_listen(
    company: Company, data_dir: Path, record_property: Recorder
) -> None:
    async with running_service(data_dir, company.url, workers=2) as service, contextlib.AsyncExitStack() as stack:
        assert service.process is not None
        before = set(workers_of(service))
        async with steady_calls(service.port, CALLS_PER_SECOND) as load:
            await asyncio.sleep(0.5)
            async with asyncio.timeout(240):
                # A successor that is not ready within half a minute is given up, and the old worker stays: on a
                # machine that is busy with other tests it is asked for again.
                asked_at = -math.inf
                while len(workers_of(service)) != 2 or before & set(workers_of(service)):
                    if asyncio.get_running_loop().time() - asked_at > ASKED_AGAIN_AFTER:
                        asked_at = asyncio.get_running_loop().time()
                        service.process.send_signal(signal.SIGHUP)
                    await asyncio.sleep(0.1)
            await asyncio.sleep(0.5)
        case = "workers replaced by SIGHUP"
        await promise_kept(load, company.url, record_property, case, second_tries=SECOND_TRIES)
        bearer = {"Authorization": f"Bearer {company.api_key}"}
        for _ in range(12):
            # A client for each: one connection would carry them to one worker.
            client = httpx.AsyncClient(base_url=service.base_url, headers=bearer, timeout=20, trust_env=False)
            reader = await stack.enter_async_context(listening(await stack.enter_async_context(client)))
            assert (await reader.next()).name == "hello"
        assert await service.stop() < scaled(6, 3), "in the short form other tests take their share of the machine"
        assert service.process.returncode == 0
