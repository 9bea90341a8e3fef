"""The booth where an installation has several workers: its line stays with one, its calls are answered by any."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from tests import cast
from tests.command import run_command
from tests.service import running_service

pytestmark = pytest.mark.anyio


async def test_a_call_goes_through_whichever_worker_has_the_booth(database_url: str, data_dir: Path) -> None:
    async with running_service(data_dir, database_url, workers=2) as service:
        made = run_command(
            "setup", "--company", "Maison", "--line", cast.LINE, "--country", "FR", "--time-zone", "Europe/Paris",
            "--language", "fr", "--twilio-account", cast.ACCOUNT_SID, "--twilio-token", cast.AUTH_TOKEN,
            "--admin-email", cast.ADAM_EMAIL, "--operator", f"{cast.OLGA}=Olga", "--json", env=service.env,
        )  # fmt: skip
        company = json.loads(made.stdout)
        async with httpx.AsyncClient(base_url=service.base_url, timeout=20, trust_env=False) as adam:
            await adam.post("/sign-in", data={"email": company["admin_email"], "password": company["admin_password"]})
            page = (await adam.get("/booth")).text
            headers = {"Cookie": f"sid={adam.cookies['sid']}", "Origin": service.base_url}
        token, line = re.search('data-token="([^"]+)"', page), re.search('<option value="([0-9a-z]{20})">', page)
        assert token is not None
        assert line is not None
        address = service.base_url.replace("http", "ws", 1) + "/booth/line"
        for _ in range(2):
            async with websockets.connect(address, additional_headers=headers, proxy=None, max_queue=None) as booth:
                await booth.send(token[1])
                await booth.send(json.dumps({"do": "speed", "times": 8}))
                for _call in range(3):
                    await booth.send(json.dumps({"do": "call", "caller": cast.UMA, "line": line[1]}))
                told: list[dict[str, Any]] = []
                async with asyncio.timeout(60):
                    while sum("position 1 of" in one.get("waits", "") for one in told) < 1 or _recorded(told) < 3:
                        told.append(json.loads(await booth.recv()))
                assert not [one for one in told if one["is"] == "wrong" or one.get("kind") == "error"]


def _recorded(told: list[dict[str, Any]]) -> int:
    return len({one["call"] for one in told if one["is"] == "record"})
