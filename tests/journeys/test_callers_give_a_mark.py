"""When the operator has hung up, a caller who stays is asked for a mark: where the queue wants it, and nobody else."""

from typing import Any

import pytest

from app.auth.roles import Role
from app.plan.phrases import DEFAULTS
from routing.actions import Phrase
from simulator import Call
from simulator.heard import Said
from tests import cast
from tests.api import API, signed_in
from tests.callbacks.test_notes import note
from tests.office import Office

pytestmark = pytest.mark.anyio
ASKED, THANKS = DEFAULTS[Phrase.SATISFACTION_ASKED]["fr"], DEFAULTS[Phrase.GOODBYE]["fr"]


async def talked(office: Office, caller: str = cast.UMA, *, asks: bool = True) -> tuple[str, Call]:
    """Olga's id, and a call whose talk she has just ended."""
    changed = await office.api.patch(f"{API}/queues/{office.company.queue_id}", json={"asks_satisfaction": asks})
    assert changed.json()["asks_satisfaction"] is asks
    olga = await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    return str(olga["id"]), await office.phones.place_call(caller, cast.LINE)


def said(call: Call) -> list[str]:
    return [one.text for one in call.heard if isinstance(one, Said)]


async def stored(office: Office, call: Call) -> Any:
    await office.settled()
    return (await office.api.get(f"{API}/calls/{call.sid}")).json()


async def matters(office: Office) -> list[dict[str, Any]]:
    return list((await office.api.get(f"{API}/matters")).json()["items"])


@pytest.mark.parametrize(("key", "complaints"), [("1", 1), ("3", 1), ("4", 0), ("5", 0)])
async def test_a_key_is_kept_with_the_call_and_a_bad_mark_opens_a_complaint(
    office: Office, key: str, complaints: int
) -> None:
    clara = await office.add_client()
    _olga, call = await talked(office, cast.CLARA)
    await office.phones.let_pass(24)
    await call.press(key)
    await call.ended()
    assert call.errors == []
    assert (ASKED in said(call), said(call)[-1]) == (True, THANKS)
    told = await stored(office, call)
    assert told["note"]["satisfaction"] == int(key)
    found = await matters(office)
    assert len(found) == complaints
    for one in found:
        assert (one["opened_by"], one["client_id"], one["satisfaction"]) == ("caller", clara["id"], int(key))
    audit = (await office.api.get(f"{API}/audit?limit=100")).json()["items"]
    assert sum(one["subject"] == "matter" for one in audit) == complaints


async def test_the_operator_is_free_and_the_call_is_over_while_the_caller_is_asked(office: Office) -> None:
    _olga, call = await talked(office)
    await office.phones.let_pass(24)
    assert ASKED in said(call)
    before = await stored(office, call)
    assert before["ended_at"] is not None
    await call.ended()
    assert call.errors == []
    assert said(call)[-1] == THANKS
    after = await stored(office, call)
    assert (after["ended_at"], after["outcome"]) == (before["ended_at"], "completed")
    assert after["note"] is None
    assert await matters(office) == []


async def test_whoever_hangs_up_first_is_not_asked_and_nothing_is_lost(office: Office) -> None:
    _olga, call = await talked(office)
    await call.hang_up_after(10)
    assert call.errors == []
    assert ASKED not in said(call)
    assert (await stored(office, call))["outcome"] == "completed"


async def test_a_key_that_is_no_mark_is_asked_for_once_more(office: Office) -> None:
    _olga, call = await talked(office)
    await office.phones.let_pass(24)
    await call.press("9")
    await office.phones.let_pass(1)
    await call.press("0")
    await call.ended()
    assert call.errors == []
    assert said(call).count(ASKED) == 2
    assert (await stored(office, call))["note"] is None


async def test_where_the_queue_does_not_want_it_nobody_is_asked(office: Office) -> None:
    _olga, call = await talked(office, asks=False)
    await call.ended()
    assert ASKED not in said(call)


async def test_a_vip_and_a_blocked_caller_are_not_asked(office: Office) -> None:
    await office.add_manager()
    office.phones.phone(cast.MARTIN).answers_after(2).talks_for(10)
    await office.add_vip()
    _olga, vera = await talked(office, cast.VERA)
    await vera.ended()
    assert ASKED not in said(vera)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(10)
    await office.add_blacklisted(cast.UMA)
    await office.phones.let_pass(20)
    assert ASKED not in said(uma)


async def test_what_the_caller_has_keyed_in_stays_whatever_the_operator_notes(office: Office) -> None:
    olga, call = await talked(office)
    await office.phones.let_pass(24)
    await call.press("5")
    await call.ended()
    await office.settled()
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        for mark in (1, None):
            assert (await note(browser, call, text="Chairs", satisfaction=mark)).status_code == 204
            assert (await stored(office, call))["note"]["satisfaction"] == 5
        form = {"outcome": "done", "note": "Tables", "satisfaction": "0"}
        assert (await browser.post(f"/calls/{call.sid}/after", data=form)).status_code == 200
    told = (await stored(office, call))["note"]
    assert (told["satisfaction"], told["text"], told["outcome"]) == (5, "Tables", "done")
    assert await matters(office) == []
