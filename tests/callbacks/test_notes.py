"""What is noted about a call: its outcome, the next contact, and how satisfied the caller was."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def talked(office: Office, caller: str = cast.UMA) -> tuple[str, Any]:
    """Olga's id, and a call that she took."""
    olga = await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    call = await office.phones.place_call(caller, cast.LINE)
    await call.ended()
    await office.settled()
    return str(olga["id"]), call


async def note(browser: httpx.AsyncClient, call: Any, **fields: Any) -> httpx.Response:
    return await browser.post(f"{API}/calls/{call.sid}/note", json=fields)


async def noted(office: Office, call: Any) -> Any:
    return (await office.api.get(f"{API}/calls/{call.sid}")).json()["note"]


async def callbacks(office: Office) -> list[dict[str, Any]]:
    return list((await office.api.get(f"{API}/callbacks")).json()["items"])


def after(office: Office, **time: float) -> str:
    return (office.clock.now() + timedelta(**time)).isoformat()


async def test_the_next_contact_is_a_callback_of_whoever_promised_it(office: Office) -> None:
    olga, call = await talked(office)
    due = after(office, days=3)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        assert (await note(browser, call, outcome="done", next_contact_at=due)).status_code == 204
        (promised,) = await callbacks(office)
        assert (promised["reason"], promised["state"], promised["owner_id"]) == ("promised", "open", olga)
        assert (promised["number"], promised["call_id"]) == (cast.UMA, call.sid)
        assert datetime.fromisoformat(promised["due_at"]) == datetime.fromisoformat(due)
        later = after(office, days=5)
        assert (await note(browser, call, next_contact_at=later)).status_code == 204
        (moved,) = await callbacks(office)
        assert moved["id"] == promised["id"]
        assert datetime.fromisoformat(moved["due_at"]) == datetime.fromisoformat(later)


async def test_a_promise_to_call_back_keeps_its_own_time(office: Office) -> None:
    olga, call = await talked(office)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        due = after(office, days=1)
        await note(browser, call, outcome="call_back", next_contact_at=due)
        (promised,) = await callbacks(office)
    assert datetime.fromisoformat(promised["due_at"]) == datetime.fromisoformat(due)


async def test_the_next_contact_is_to_come_and_has_a_zone(office: Office) -> None:
    olga, call = await talked(office)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        for wrong in (after(office, minutes=-1), "2026-12-24T10:00:00", "soon"):
            refused = await note(browser, call, text="Wants chairs", next_contact_at=wrong)
            assert fault(refused) == (422, "unprocessable", "next_contact_at"), wrong
    assert await callbacks(office) == []
    assert await noted(office, call) is None, "all of it or nothing"


async def test_nobody_can_be_called_without_a_number(office: Office) -> None:
    olga, call = await talked(office, "anonymous")
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        refused = await note(browser, call, next_contact_at=after(office, days=1))
    assert fault(refused) == (422, "unprocessable", "next_contact_at")


async def test_how_satisfied_a_caller_was_is_told_with_the_call(office: Office) -> None:
    olga, call = await talked(office)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        await note(browser, call, text="Wants 40 chairs", outcome="done", satisfaction=4)
        told = await noted(office, call)
        assert (told["text"], told["outcome"], told["satisfaction"]) == ("Wants 40 chairs", "done", 4)
        await note(browser, call, satisfaction=2)
        told = await noted(office, call)
        assert (told["text"], told["outcome"], told["satisfaction"]) == ("Wants 40 chairs", "done", 2)
        await note(browser, call, satisfaction=None)
        assert (await noted(office, call))["satisfaction"] is None
        for wrong in (0, 6, 2.5, "4"):
            assert fault(await note(browser, call, satisfaction=wrong))[0] == 422, wrong
        assert "satisfied" not in (await browser.get(f"/calls/{call.sid}")).text
        await note(browser, call, satisfaction=5)
        assert "satisfied: 5 of 5" in (await browser.get(f"/calls/{call.sid}")).text


async def test_the_next_call_shows_how_satisfied_the_caller_was_with_the_last(office: Office) -> None:
    olga, call = await talked(office)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        await note(browser, call, outcome="done", satisfaction=1)
        await office.phones.place_call(cast.UMA, cast.LINE)
        await office.phones.settle()
        await office.settled()
        assert "satisfied: 1 of 5" in (await browser.get("/")).text
