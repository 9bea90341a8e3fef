"""users.md 3.6: forwarding loops, our own numbers, people who are not there."""

import pytest

from models import LineRecord
from simulator import Rejected
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio


async def reason_of(office: Office, call_id: str) -> str:
    await office.settled()
    code: str = (await office.api.get(f"/api/v1/calls/{call_id}")).json()["decision"]["reason"]["code"]
    return code


async def test_our_own_number_is_never_a_vip(office: Office) -> None:
    await office.add_vip("+331990010", match="prefix", label="our own street")
    await office.add_manager()
    await office.add_operator()
    second = "+33199001077"
    await office.add(LineRecord(number=second, label="Second", country="FR", time_zone="Europe/Paris", language="fr"))
    office.phones.phone(cast.MARTIN).answers_after(1)
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(10)
    call = await office.phones.place_call(second, cast.LINE, forwarded_from=second)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA
    assert await reason_of(office, call.sid) == "own_number"


async def test_a_line_that_calls_itself_is_refused(office: Office) -> None:
    call = await office.phones.place_call(cast.LINE, cast.LINE)
    await call.ended()
    assert any(isinstance(event, Rejected) for event in call.heard)
    assert not call.billed


async def test_a_forwarding_loop_is_broken_at_the_third_hop(office: Office) -> None:
    second = "+33199001078"
    await office.add(LineRecord(number=second, label="Second", country="FR", time_zone="Europe/Paris", language="fr"))
    answers = [(await office.webhook("/twilio/voice", second)).text for _ in range(4)]
    assert ["<Reject" in answer for answer in answers] == [False, False, True, True]


async def test_an_unknown_line_is_answered_politely(office: Office) -> None:
    call = await office.phones.place_call(cast.UMA, "+33199009999")
    await call.ended()
    assert call.errors == []
    assert "not in use" in call.said()
    assert await reason_of(office, call.sid) == "unknown_line"


async def test_a_caller_who_presses_nothing_is_received_all_the_same(office: Office) -> None:
    await office.add_operator()
    menu = await office.add_menu("Accueil", {"1": {"kind": "hang_up"}}, tries=2)
    await office.change_line(menu_id=menu["id"])
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(5)
    call = await office.phones.place_call("anonymous", cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA
    assert await reason_of(office, call.sid) == "withheld"


async def test_callers_hear_when_the_company_is_closed(office: Office) -> None:
    await office.keep_hours(monday=["09:00-10:00"])
    await office.change_line(closed_text="Nous sommes fermés.")
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert "Nous sommes fermés." in call.said()
    assert await reason_of(office, call.sid) == "closed"
