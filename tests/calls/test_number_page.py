"""Test a number: the same decision as the webhook's, in words, with what the caller would hear."""

import json
import re
import shlex

import httpx
import pytest

from app.auth.roles import Role
from models import HolidayRecord
from tests import cast
from tests.api import API, fault, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def asked(browser: httpx.AsyncClient, **query: str) -> str:
    answer = await browser.get("/test", params=query)
    assert answer.status_code == 200, answer.text
    return " ".join(answer.text.replace("&#34;", '"').replace("&#39;", "'").split())


async def furnished(office: Office) -> None:
    await office.keep_hours()
    await office.add_manager()
    await office.add_vip()
    await office.add_blacklisted(reason="Threats")
    await office.add(HolidayRecord(name="Jours fériés", country="FR"))


async def test_a_vip_a_blocked_and_an_unknown_caller(office: Office) -> None:
    await furnished(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        vera = await asked(sofia, **{"from": cast.VERA})
        assert "Rings Martin; if nobody answers, waits at the front of the queue" in vera
        assert "<li>Rings Martin for 20 seconds" in vera
        assert vera.count('<strong class="decides">') == 1
        boris = await asked(sofia, **{"from": "06 39 98 00 02"})
        assert "Held in the fake queue for at most 30 minutes; reaches nobody" in boris
        assert "Threats" in boris
        assert "<li>Plays the hold music" in boris
        uma = await asked(sofia, **{"from": cast.UMA})
        assert "<li>While waiting, repeatedly:" in uma
        hidden = await asked(sofia, **{"from": "anonymous"})
        assert "number withheld" in hidden


async def test_sunday_night_the_next_holiday_and_any_moment_are_tried(office: Office) -> None:
    await furnished(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        sunday = await asked(sofia, **{"from": cast.UMA, "pick": "sunday"})
        assert "Outside opening hours: closed on Sunday at 03:00." in sunday
        assert 'value="2026-07-26T03:00"' in sunday
        holiday = await asked(sofia, **{"from": cast.UMA, "pick": "holiday", "at": "2026-07-24T10:00"})
        assert "2026-08-15T10:00" in holiday, "the Assumption"
        assert "Outside opening hours: holiday: Ass" in holiday
        monday = await asked(sofia, **{"from": cast.UMA, "at": "2026-07-27T10:00"})
        assert "open until 18:00" in monday
        forged = await asked(sofia, **{"from": cast.VERA, "attestation": "failed"})
        assert "VIP, identity unconfirmed" in forged


async def test_the_curl_command_asks_the_same(office: Office) -> None:
    await furnished(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = await asked(
            sofia, **{"from": "it's +33 6", "to": cast.LINE, "at": "2026-07-27T10:00", "attestation": "B"}
        )
    command = re.search(r'<textarea id="curl"[^>]*>([^<]+)</textarea>', page)
    assert command
    words = shlex.split(command[1])
    assert words[:4] == ["curl", "-X", "POST", f"{cast.BASE_URL}{API}/explain"]
    assert "Authorization: Bearer YOUR_API_KEY" in words
    answer = await office.api.post(f"{API}/explain", json=json.loads(words[-1]))
    assert answer.status_code == 200
    assert answer.json()["caller"]["kind"] == "unreadable"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"at": "tomorrow"}, "Write the time like"),
        ({"at": "1812-01-01T10:00"}, "Choose a year from"),
        ({"attestation": "Z"}, "The attestation is A, B, C, failed or none."),
    ],
)
async def test_what_cannot_be_read_is_told_and_the_rest_is_kept(
    office: Office, query: dict[str, str], words: str
) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        answer = await sofia.get("/test", params={"from": cast.UMA} | query)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{cast.UMA}"' in answer.text


async def test_nothing_is_recorded_and_operators_may_not_ask(office: Office) -> None:
    await furnished(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        await asked(sofia, **{"from": cast.BORIS})
        await asked(sofia)
    await office.settled()
    assert (await office.api.get(f"{API}/calls")).json()["items"] == []
    async with signed_in(office, Role.OPERATOR) as olga:
        assert fault(await olga.get("/test"))[:2] == (403, "not-allowed")
