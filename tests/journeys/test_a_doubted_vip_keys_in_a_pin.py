"""Whoever calls with Vera's number, while the network doubts it, is asked for her PIN. Nothing else makes a VIP of them."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.event_log.records import FactKind, fact
from app.plan.phrases import DEFAULTS
from routing.actions import Phrase
from routing.step import StepKind, decode, split_owner
from simulator import ConnectedTo, Prompt
from simulator.call import Call
from tests import cast
from tests.api import API, made
from tests.office import CHRISTMAS_NIGHT, Office, open_office

pytestmark = pytest.mark.anyio

PIN, WRONG = "2846", "2847"


async def open_doors(office: Office, **fields: Any) -> dict[str, Any]:
    """Vera has a PIN; Martin answers for VIPs, Olga for everybody."""
    entry = await made(office, "vip", number=cast.VERA, label="Vera", pin=PIN, **fields)
    await office.add_manager()
    await office.add_operator()
    office.phones.phone(cast.MARTIN).answers_after(2).talks_for(30)
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(30)
    return entry


async def call_of_vera(office: Office, *keys: str, attestation: str | None = "failed") -> Call:
    """She calls and keys these in, one after the other, each time she is asked."""
    call = await office.phones.place_call(cast.VERA, cast.LINE, attestation=attestation)
    for one in keys:
        await call.press(one)
    await call.ended()
    assert call.errors == []
    await office.settled()
    return call


async def decided(office: Office, call: Call) -> dict[str, Any]:
    """The decision that stands."""
    decision: dict[str, Any] = (await office.api.get(f"{API}/calls/{call.sid}")).json()["decision"]
    return decision


def prompts(call: Call) -> int:
    return sum(isinstance(one, Prompt) for one in call.heard)


@pytest.mark.parametrize("keys", ["2846#", "2846", "2846####"])
async def test_the_right_pin_makes_a_vip_of_the_call(office: Office, keys: str) -> None:
    await open_doors(office)
    call = await call_of_vera(office, keys)
    assert (call.connected_to, prompts(call)) == (cast.MARTIN, 1)
    assert DEFAULTS[Phrase.PIN_ASKED]["fr"] in call.said()
    decision = await decided(office, call)
    assert (decision["action"], decision["reason"]["code"]) == ("connect", "vip")
    assert [one["found"] for one in decision["trace"]][-2:] == ["vip_pin_right", "vip_rings"]
    assert decision["reason"]["text"].startswith("The PIN was right, although the number is doubtful")


async def test_at_night_it_reaches_management_where_nobody_serves_the_queue(database_url: str, data_dir: Path) -> None:
    async with open_office(database_url, data_dir, at=CHRISTMAS_NIGHT) as office:
        await office.send_nina_home()
        await made(office, "vip", number=cast.VERA, pin=PIN)
        await office.add_manager()
        office.phones.phone(cast.MARTIN).answers_after(2).talks_for(30)
        assert (await call_of_vera(office, "2846#")).connected_to == cast.MARTIN
        unknown = await call_of_vera(office)
        assert unknown.connected_to is None
        assert DEFAULTS[Phrase.NOBODY_SERVES]["fr"] in unknown.said()


@pytest.mark.parametrize("keys", [(), ("#",)])
async def test_whoever_keys_in_nothing_waits_near_the_front_as_before(office: Office, keys: tuple[str, ...]) -> None:
    await open_doors(office)
    call = await call_of_vera(office, *keys)
    assert call.connected_to == cast.OLGA
    decision = await decided(office, call)
    assert decision["reason"]["code"] == "vip_unconfirmed"
    assert decision["trace"][-1]["found"] == "vip_pin_not_keyed"


async def test_the_last_of_three_may_be_right(office: Office) -> None:
    await open_doors(office)
    call = await call_of_vera(office, WRONG, "*2846#", "2846#")
    assert (call.connected_to, prompts(call)) == (cast.MARTIN, 3)
    assert call.said().count(DEFAULTS[Phrase.PIN_WRONG]["fr"]) == 2


async def test_after_three_wrong_ones_nobody_is_asked_for_an_hour(office: Office) -> None:
    entry = await open_doors(office)
    call = await call_of_vera(office, WRONG, "28460", "0000")
    assert (call.connected_to, prompts(call)) == (cast.OLGA, 3)
    assert (await decided(office, call))["trace"][-1]["found"] == "vip_pin_wrong"
    told = (await office.api.get(f"{API}/vip/{entry['id']}")).json()
    assert told["pin_locked_until"] > office.clock.now().isoformat()
    asked = {"from": cast.VERA, "to": cast.LINE, "attestation": "failed"}
    explained = (await office.api.post(f"{API}/explain", json=asked)).json()
    assert explained["trace"][-1]["found"] == "vip_pin_locked"
    again = await call_of_vera(office)
    assert (again.connected_to, prompts(again)) == (cast.OLGA, 0)
    decision = await decided(office, again)
    assert (decision["reason"]["code"], decision["trace"][-1]["found"]) == ("vip_unconfirmed", "vip_pin_locked")
    await office.phones.let_pass(3700)
    assert (await call_of_vera(office, "2846#")).connected_to == cast.MARTIN


async def test_wrong_ones_of_several_calls_count_together_and_a_running_call_is_asked_no_more(office: Office) -> None:
    await open_doors(office)
    for _ in range(2):
        first = await office.phones.place_call(cast.VERA, cast.LINE, attestation="C")
        await first.press(f"{WRONG}#")
        await first.hang_up()
    last = await office.phones.place_call(cast.VERA, cast.LINE, attestation="C")
    other = await office.phones.place_call(cast.VERA, cast.LINE, attestation="C")
    await last.press(f"{WRONG}#")
    await other.press(f"{PIN}#")
    await other.ended()
    await last.hang_up()
    assert other.connected_to != cast.MARTIN, "it was right, and too late"
    await office.settled()
    assert (await decided(office, other))["trace"][-1]["found"] == "vip_pin_locked"


async def test_a_restart_forgets_no_wrong_pin(database_url: str, data_dir: Path) -> None:
    async with open_office(database_url, data_dir) as office:
        await made(office, "vip", number=cast.VERA, pin=PIN)
        call = await office.phones.place_call(cast.VERA, cast.LINE, attestation="failed")
        for _ in range(3):
            await call.press(f"{WRONG}#")
        await call.hang_up()
        await office.settled()
        company, now = office.company, office.clock.now()
    async with open_office(database_url, data_dir, at=now, company=company) as office:
        again = await office.phones.place_call(cast.VERA, cast.LINE, attestation="failed")
        await office.phones.let_pass(5)
        assert prompts(again) == 0
        await again.hang_up()


async def test_wrong_pins_keyed_in_at_another_worker_count_here(office: Office) -> None:
    entry = await open_doors(office)
    for place in range(3):
        told = {"entry_id": entry["id"]}
        await office.board.journal.append(
            fact(office.company.tenant, f"CA{place}", FactKind.PIN_WRONG, office.clock.now(), told, entry["id"], 0)
        )
    await office.settled()
    assert prompts(await call_of_vera(office)) == 0


async def test_whom_the_network_vouches_for_is_asked_nothing_and_who_has_no_pin_neither(office: Office) -> None:
    await open_doors(office)
    assert prompts(await call_of_vera(office, attestation="A")) == 0
    await office.add_vip(cast.CLARA, label="Clara")
    clara = await office.phones.place_call(cast.CLARA, cast.LINE, attestation="failed")
    await clara.ended()
    assert (clara.connected_to, prompts(clara)) == (cast.OLGA, 0)


async def test_a_doubt_lasts_although_the_network_says_nothing_more(office: Office) -> None:
    """Later requests of a call need not carry the attestation: without it her number alone would do."""
    await open_doors(office)
    sid = "CA" + "7" * 32
    first = await office.webhook("/twilio/voice", cast.VERA, CallSid=sid, StirVerstat="TN-Validation-Failed-A")
    url = first.text.partition('action="')[2].partition('"')[0]
    kind = decode(split_owner(url.rpartition("/")[2])[1], office.board.step_key).kind
    assert kind is StepKind.PIN_KEYS
    wrong = await office.webhook(url, cast.VERA, CallSid=sid, CallStatus="in-progress", Digits=WRONG)
    silence = wrong.text.partition("<Redirect")[2].partition(">")[2].partition("<")[0]
    given_up = await office.webhook(silence, cast.VERA, CallSid=sid, CallStatus="in-progress")
    assert "<Enqueue" in given_up.text
    assert cast.MARTIN not in wrong.text + given_up.text


async def test_a_request_that_comes_again_is_counted_once_and_judged_once(office: Office) -> None:
    entry = await open_doors(office)
    sid = "CA" + "8" * 32
    first = await office.webhook("/twilio/voice", cast.VERA, CallSid=sid, StirVerstat="TN-Validation-Failed-A")
    url = first.text.partition('action="')[2].partition('"')[0]
    answers = [
        (await office.webhook(url, cast.VERA, CallSid=sid, CallStatus="in-progress", Digits=keys)).text
        for keys in (WRONG, WRONG, WRONG, WRONG, PIN)
    ]
    assert len(set(answers)) == 1, "also when the right one is sent where a wrong one was"
    assert "<Gather" in answers[0]
    await office.settled()
    assert office.board.open_calls.pin_attempts.locked(office.company.tenant, office.clock.now()) == frozenset()
    assert (await office.api.get(f"{API}/vip/{entry['id']}")).json()["pin_locked_until"] is None


async def test_the_step_of_one_call_opens_no_other_one(office: Office) -> None:
    await open_doors(office)
    first = await office.webhook("/twilio/voice", cast.VERA, StirVerstat="TN-Validation-Failed-A")
    url = first.text.partition('action="')[2].partition('"')[0]
    stolen = await office.webhook(url, cast.UMA, CallStatus="in-progress", Digits=PIN)
    assert cast.MARTIN not in stolen.text
    forged = await office.webhook(url[:-4] + "AAAA", cast.VERA, CallStatus="in-progress", Digits=PIN)
    assert cast.MARTIN not in forged.text


async def test_whoever_is_blacklisted_while_keying_in_reaches_nobody(office: Office) -> None:
    entry = await open_doors(office)
    call = await office.phones.place_call(cast.VERA, cast.LINE, attestation="failed")
    await office.phones.let_pass(2)
    await office.api.delete(f"{API}/vip/{entry['id']}")
    await office.add_blacklisted(cast.VERA)
    await call.press(f"{PIN}#")
    await office.phones.let_pass(60)
    assert not any(isinstance(one, ConnectedTo) for one in call.heard)
    await call.hang_up()
    assert call.errors == []


async def test_a_pin_that_was_taken_away_meanwhile_is_right_no_longer(office: Office) -> None:
    entry = await open_doors(office)
    call = await office.phones.place_call(cast.VERA, cast.LINE, attestation="failed")
    await office.phones.let_pass(2)
    await office.api.patch(f"{API}/vip/{entry['id']}", json={"pin": None})
    await call.press(f"{PIN}#")
    await call.ended()
    assert call.connected_to == cast.OLGA
    await office.settled()
    assert (await decided(office, call))["trace"][-1]["found"] == "vip_unconfirmed"


async def test_what_was_keyed_in_is_nowhere(office: Office) -> None:
    await open_doors(office)
    call = await call_of_vera(office, "739164", "2846#")
    async with office.board.sessions() as session:
        for table in ("call_event", "call", "audit_entry", "plan_change", "vip_pin", "vip_entry"):
            rows = str([*await session.execute(text(f"SELECT * FROM {table}"))])  # noqa: S608
            assert "739164" not in rows, table
            assert '"2846"' not in rows, table
            assert "'2846'" not in rows, table
    page = (await office.api.get(f"{API}/calls/{call.sid}")).text
    assert "739164" not in page
