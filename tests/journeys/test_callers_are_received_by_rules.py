"""The company's own rules, in whole calls: the caller is received as the rule says, and everything that tells of the call
names it."""

from typing import Any

import pytest

from app.event_log.feed import Feed
from app.event_log.open_calls import OpenCalls
from app.words.rule_words import rule_words
from simulator import Prompt
from tests import cast
from tests.api import API, made
from tests.journeys.test_doors_that_hold import stored
from tests.office import Office

pytestmark = pytest.mark.anyio

SPAIN = "+34912345678"
OTHER_MANAGER = "+33639980077"


async def reason_of(office: Office, caller: str, **explained: str) -> str:
    body = {"from": caller, "to": cast.LINE} | explained
    decision: dict[str, Any] = (await office.api.post(f"{API}/explain", json=body)).json()
    return f"{decision['action']} {decision['reason']['code']}"


async def test_callers_from_a_country_hear_its_menu(office: Office) -> None:
    menu = await office.add_menu("Español", {"1": {"kind": "queue", "id": office.company.queue_id}})
    do = {"action": "menu", "menu_id": menu["id"]}
    rule = await made(office, "rules", name="Callers from Spain", when={"country": "ES"}, do=do)
    assert await reason_of(office, SPAIN) == "menu rule"
    call = await office.phones.place_call(SPAIN, cast.LINE)
    await call.hears(Prompt)
    assert "Menu Español." in call.said()
    await call.hang_up()
    record = await stored(office, call)
    assert record["decision"]["reason"]["code"] == "rule"  # type: ignore[index]
    told = (await office.api.get(f"{API}/calls/{call.sid}")).json()
    assert told["decision"]["reason"]["text"] == "Rule “Callers from Spain”: hears the menu “Español”."
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await uma.hang_up_after(5)
    assert (await stored(office, uma))["decision"]["reason"]["code"] == "default"  # type: ignore[index]
    plan = office.board.live_plan.plan_of(office.company.tenant)
    assert plan is not None
    assert rule_words(plan.rules.asked[0], plan) == "Caller from Spain: hears the menu “Español”"
    await office.api.patch(f"{API}/rules/{rule['id']}", json={"state": "shadow"})
    watched = await office.phones.place_call(SPAIN, cast.LINE)
    await watched.hang_up_after(5)
    told = (await office.api.get(f"{API}/calls/{watched.sid}")).json()
    await office.settled()
    told = (await office.api.get(f"{API}/calls/{watched.sid}")).json()["decision"]
    assert told["reason"]["code"] == "default"
    (step,) = [one for one in told["trace"] if one["found"] == "rule_shadow"]
    assert step["text"].startswith("Rule “Callers from Spain” is only watched")


async def test_whoever_calls_for_the_third_time_leaves_a_message(office: Office) -> None:
    await made(
        office, "rules", name="Again and again", when={"calls": {"at_least": 3, "within_minutes": 10}},
        do={"action": "voicemail"},
    )  # fmt: skip
    actions = []
    for _ in range(3):
        call = await office.phones.place_call(cast.UMA, cast.LINE)
        await call.hang_up_after(60)
        actions.append((await stored(office, call))["decision"]["action"])  # type: ignore[index]
    assert actions == ["queue", "queue", "voicemail"]
    assert await reason_of(office, cast.UMA) == "voicemail rule"
    # Another worker, and one that starts later, have counted the same.
    for calls in (OpenCalls(), OpenCalls()):
        feed = Feed(office.board.engine, calls, office.clock.now)
        await feed.start()
        ages = calls.recent_calls.ages(office.company.tenant, cast.UMA, "", office.clock.now(), 600)
        assert [round(age) for age in ages] == [18, 78, 138]  # hung up at once, the third time
    await office.phones.let_pass(600)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hang_up_after(5)
    assert (await stored(office, call))["decision"]["action"] == "queue"  # type: ignore[index]


async def test_who_withholds_the_number_after_hours_hears_so(office: Office) -> None:
    await office.keep_hours(monday=["09:00-10:00"])
    await made(
        office, "rules", name="Withheld at night", when={"kind": "withheld", "hours": "closed"},
        do={"action": "message", "text": "Appelez avec votre numéro."},
    )  # fmt: skip
    call = await office.phones.place_call("anonymous", cast.LINE)
    await call.ended()
    assert call.said() == "Appelez avec votre numéro."
    other = await office.phones.place_call(cast.UMA, cast.LINE)
    await other.ended()
    assert (await stored(office, other))["decision"]["reason"]["code"] == "closed"  # type: ignore[index]


async def test_a_rule_that_connects_rings_the_desk_and_never_management(office: Office) -> None:
    await office.send_nina_home()
    await office.add_operator()
    await office.add_manager(queue_ids=[])
    await office.add_manager(OTHER_MANAGER, name="Mona")
    await made(
        office, "rules", name="Survey", when={"name": "survey"},
        do={"action": "connect", "queue_id": office.company.queue_id},
    )  # fmt: skip
    assert await reason_of(office, cast.UMA, name="A Survey") == "connect rule"
    office.phones.phone(cast.OLGA).answers_after(90)
    for manager in (cast.MARTIN, OTHER_MANAGER):
        office.phones.phone(manager).answers_after(1)
    call = await office.phones.place_call(cast.UMA, cast.LINE, caller_name="Survey Ltd")
    await call.hang_up_after(70)
    assert call.errors == []
    assert call.connected_to is None
    assert (await stored(office, call))["decision"]["reason"]["code"] == "rule"  # type: ignore[index]


async def test_who_is_held_by_a_rule_stays_held_and_is_let_out_like_others(office: Office) -> None:
    rule = await made(office, "rules", name="Spain", when={"country": "ES"}, do={"action": "fake_queue"})
    call = await office.phones.place_call(SPAIN, cast.LINE)
    await office.phones.let_pass(200)
    await office.settled()
    held = (await office.api.get(f"{API}/fake-queue")).json()["now"]
    assert [(one["call_id"], one["entry_id"], one["seconds"]) for one in held] == [(call.sid, rule["id"], 200)]
    assert (await office.api.post(f"{API}/calls/{call.sid}/release")).is_success
    await office.phones.let_pass(40)
    await office.settled()
    assert (await office.api.get(f"{API}/fake-queue")).json()["now"] == []
    assert (await office.api.get(f"{API}/calls/{call.sid}")).json()["decision"]["action"] == "queue"
    await call.hang_up()
    again = await office.phones.place_call(SPAIN, cast.LINE)
    await office.phones.let_pass(100)
    await office.api.patch(f"{API}/rules/{rule['id']}", json={"state": "off"})
    await office.phones.let_pass(40)
    await office.settled()
    assert (await office.api.get(f"{API}/calls/{again.sid}")).json()["decision"]["action"] == "queue"
    await again.hang_up()
    assert call.errors == again.errors == []


async def test_clients_with_a_tag_are_received_by_their_rule(office: Office) -> None:
    when, do = {"tag": "fair  2026"}, {"action": "voicemail"}
    rule = await made(office, "rules", name="Fair", when=when, do=do)
    assert rule["when"] == {"tag": "fair 2026"}
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA], tags=["Press", "FAIR 2026"])
    assert await reason_of(office, cast.CLARA) == "voicemail rule"
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await call.hang_up_after(30)
    told = await stored(office, call)
    assert told["decision"]["reason"]["text"] == "Rule “Fair”: can leave a message."  # type: ignore[index]
    assert await reason_of(office, cast.UMA) == "queue default"
    # Who shares the number has no such tag: nobody knows which of them calls.
    desk = {"number": cast.CLARA, "shared": True}
    uma = await made(office, "clients", name="Uma", numbers=[desk])
    assert await reason_of(office, cast.CLARA) == "queue default"
    await office.api.patch(f"{API}/clients/{uma['id']}", json={"tags": ["fair 2026"]})
    assert await reason_of(office, cast.CLARA) == "voicemail rule"
    await office.api.patch(f"{API}/clients/{clara['id']}", json={"tags": []})
    assert await reason_of(office, cast.CLARA) == "queue default"
