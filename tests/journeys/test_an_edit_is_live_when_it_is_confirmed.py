"""Real processes: when the answer to an edit is there, every worker decides by it."""

import json
import secrets
from pathlib import Path

import httpx
import pytest

from simulator import sign
from tests import cast
from tests.cli.test_cli import SETUP
from tests.command import run_command
from tests.service import Service, running_service

pytestmark = pytest.mark.anyio


async def answer_to(service: Service, caller: str) -> str:
    """One call on a connection of its own, so that any worker may take it."""
    values = {
        "AccountSid": cast.ACCOUNT_SID, "CallSid": "CA" + secrets.token_hex(16), "CallStatus": "ringing",
        "From": caller, "To": cast.LINE,
    }  # fmt: skip
    url = f"{service.base_url}/twilio/voice"
    async with httpx.AsyncClient(verify=False, trust_env=False) as provider:  # noqa: S501  # loading a certificate store takes long
        signature = sign(cast.AUTH_TOKEN, url, list(values.items()))
        answer = await provider.post(url, data=values, headers={"X-Twilio-Signature": signature})
        # The caller hangs up, or they would have too many calls at once.
        ended, url = values | {"CallStatus": "completed"}, f"{service.base_url}/twilio/status"
        signature = sign(cast.AUTH_TOKEN, url, list(ended.items()))
        assert (await provider.post(url, data=ended, headers={"X-Twilio-Signature": signature})).status_code == 204
    assert answer.status_code == 200
    return answer.text


async def test_no_call_after_a_confirmed_edit_is_decided_by_the_old_list(database_url: str, data_dir: Path) -> None:
    async with running_service(data_dir, database_url, workers=2) as service:
        made = json.loads(run_command(*SETUP, env=service.env).stdout)
        headers = {"Authorization": f"Bearer {made['api_key']}"}
        async with httpx.AsyncClient(base_url=service.base_url, headers=headers) as api:
            for n in range(5):
                number = f"+336399807{n:02}"
                assert "<Enqueue" in await answer_to(service, number)
                added = await api.post("/api/v1/blacklist", json={"number": number, "match": "exact", "reason": "test"})
                assert added.status_code == 201, added.text
                assert "Antichambre-Workers-Behind" not in added.headers
                answers = [await answer_to(service, number) for _ in range(4)]
                assert ["<Enqueue" in answer for answer in answers] == [False] * 4
                removed = await api.delete(f"/api/v1/blacklist/{added.json()['id']}")
                assert removed.status_code == 204
                answers = [await answer_to(service, number) for _ in range(4)]
                assert ["<Enqueue" in answer for answer in answers] == [True] * 4


async def test_set_up_works_beside_the_running_service_on_its_embedded_database(data_dir: Path) -> None:
    async with running_service(data_dir, None) as service:
        made = run_command(*SETUP, env=service.env)
        assert made.returncode == 0, made.stderr
        for _ in range(30):
            if "<Enqueue" in (answer := await _any_answer(service)):
                break
        assert "<Enqueue" in answer
        explained = run_command("explain", cast.UMA, "--to", cast.LINE, env=service.env)
        assert explained.stdout.startswith("queue:")


async def _any_answer(service: Service) -> str:
    try:
        return await answer_to(service, cast.UMA)
    except AssertionError:
        return ""  # 403 until the worker has heard of the company
