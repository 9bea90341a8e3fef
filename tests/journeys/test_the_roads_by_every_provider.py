"""Whole calls by each provider, as its documentation says that it works: the roads through the office, and the crossings
where providers differ."""

import pytest

from app.auth.roles import Role
from app.providers.registry import PROVIDERS
from simulator import Call, Dialled, Played, Prompt, Said
from tests import cast
from tests.api import API, signed_in
from tests.journeys.carriers import CARRIERS, Carrier, carried
from tests.office import Office

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("carrier", CARRIERS.values(), ids=list(CARRIERS))]
SAM = "sip:sam@pbx.example.org"


def is_sound(call: Call) -> bool:
    """Nothing was wrong with any document, and nothing in it was read over by the provider."""
    ignored = [one for one in call.warnings if one.attribute != "answerOnBridge"]
    return (call.errors, ignored) == ([], [])


def test_every_provider_is_driven(carrier: Carrier) -> None:
    assert CARRIERS.keys() == PROVIDERS.keys()


async def test_vera_reaches_the_manager_who_presses_a_key(office: Office, carrier: Carrier) -> None:
    martin = await office.add_manager(confirm=True)
    await office.add_vip()
    async with carried(office, carrier) as phones:
        phones.phone(cast.MARTIN).answers_after(4).presses("1").talks_for(30)
        call = await phones.place_call(cast.VERA, cast.LINE)
        await call.ended()
    assert is_sound(call)
    assert call.connected_to == cast.MARTIN
    await office.settled()
    stored = (await office.api.get(f"/api/v1/calls/{call.sid}")).json()
    assert (stored["provider"], stored["state"], stored["answered_by"]) == (carrier.name, "ended", martin["id"])


async def test_a_managers_voicemail_never_gets_the_vip(office: Office, carrier: Carrier) -> None:
    """Also where the provider does not tell that a mailbox, which pressed nothing, was no talk."""
    await office.add_manager(confirm=True)
    await office.add_operator()
    await office.add_vip()
    async with carried(office, carrier) as phones:
        phones.phone(cast.MARTIN).voicemail_answers_after(8)
        phones.phone(cast.OLGA).answers_after(2).talks_for(30)
        call = await phones.place_call(cast.VERA, cast.LINE)
        await call.ended()
    assert is_sound(call)
    assert call.connected_to == cast.OLGA


async def test_boris_waits_until_he_gives_up_and_reaches_nobody(office: Office, carrier: Carrier) -> None:
    await office.add_operator()
    await office.add_blacklisted()
    async with carried(office, carrier) as phones:
        phones.phone(cast.OLGA).answers_after(1)
        call = await phones.place_call(cast.BORIS, cast.LINE)
        await call.hang_up_after(900)
    assert is_sound(call)
    assert (call.connected_to, call.legs) == (None, [])
    assert {type(event) for event in call.heard} >= {Said, Played}


async def test_boris_who_is_to_ring_out_is_refused_without_a_word(office: Office, carrier: Carrier) -> None:
    await office.add_blacklisted(treatment="ring_out")
    async with carried(office, carrier) as phones:
        call = await phones.place_call(cast.BORIS, cast.LINE)
        await call.ended()
    assert is_sound(call)
    assert (call.legs, call.said()) == ([], "")
    if "no_ringing_out" in carrier.lacks:
        assert (call.state, call.billed) == ("busy", False), "at once, which nobody bills"


@pytest.mark.parametrize(
    ("treatment", "lack", "is_told", "instead"),
    [
        ("ring_out", "no_ringing_out", "Hears ringing for 45 seconds", "Hears the busy tone"),
        ("voicemail", "no_voicemail", "Can leave a message", "Hears an announcement"),
    ],
)
async def test_pages_tell_what_the_caller_got_and_not_what_was_wished(
    office: Office, carrier: Carrier, treatment: str, lack: str, is_told: str, instead: str
) -> None:
    await office.add_blacklisted(treatment=treatment)
    async with carried(office, carrier) as phones, signed_in(office, Role.ADMIN) as adam:
        call = await phones.place_call(cast.BORIS, cast.LINE)
        await call.hang_up_after(50)
        await office.settled()
        tested = {"from": cast.BORIS, "to": cast.LINE}
        pages = [await adam.get(f"/calls/{call.sid}"), await adam.get("/test", params=tested)]
    told, not_told = (instead, is_told) if lack in carrier.lacks else (is_told, instead)
    for page in pages:
        assert told in page.text
        assert not_told not in page.text


async def test_uma_presses_a_key_and_reaches_the_operator_through_the_queue(office: Office, carrier: Carrier) -> None:
    await office.add_operator()
    menu = await office.add_menu(
        "Accueil", {"1": {"kind": "queue", "id": office.company.queue_id, "label": "Commandes"}}
    )
    await office.change_line(menu_id=menu["id"])
    async with carried(office, carrier) as phones:
        phones.phone(cast.OLGA).answers_after(3).talks_for(30)
        call = await phones.place_call(cast.UMA, cast.LINE)
        await call.hears(Prompt)
        await call.press("1")
        await call.ended()
    assert is_sound(call)
    assert call.connected_to == cast.OLGA
    await office.settled()
    assert (await office.api.get(f"/api/v1/calls/{call.sid}")).json()["state"] == "ended"


async def test_operators_of_all_kinds_are_rung_until_one_answers(office: Office, carrier: Carrier) -> None:
    await office.add_operator(cast.OSCAR, name="Oscar")
    await office.add_operator(SAM, name="Sam", ring_seconds=10)
    await office.add_operator(ring_seconds=10)
    async with carried(office, carrier) as phones:
        phones.phone(SAM).answers_after(3).talks_for(30)
        call = await phones.place_call(cast.UMA, cast.LINE)
        await call.ended(600)
    assert is_sound(call)
    assert call.connected_to == SAM


async def test_a_caller_for_operators_who_cannot_be_rung_never_hears_silence(office: Office, carrier: Carrier) -> None:
    await office.add_operator(cast.OSCAR, name="Oscar", ring_seconds=5)
    async with carried(office, carrier) as phones:
        call = await phones.place_call(cast.UMA, cast.LINE)
        await call.hang_up_after(120)
        explained = (await office.api.post(f"{API}/explain", json={"from": cast.UMA, "to": cast.LINE})).json()
    assert is_sound(call)
    assert call.connected_to is None
    await office.settled()
    warned = [one["text"] for one in explained.get("warnings", [])]
    assert any("can be rung by the line's provider" in one for one in warned) == ("no_browser_phones" in carrier.lacks)
    reason = (await office.api.get(f"{API}/calls/{call.sid}")).json()["decision"]["reason"]["code"]
    if "no_browser_phones" in carrier.lacks:
        assert (reason, bool(call.said())) == ("nobody_serves", True), "and waits for nobody"
    else:
        assert reason == "default"
        assert sum(isinstance(event, Played) for event in call.heard) >= 3


async def test_everybody_is_rung_in_turn_and_nobody_is_sent_away_before_the_time(
    office: Office, carrier: Carrier
) -> None:
    """Who may be rung one by one only does not keep the caller waiting for all the others at once."""
    await office.send_nina_home()
    await office.api.patch(f"{API}/queues/{office.company.queue_id}", json={"max_wait_seconds": 120})
    names = [f"+3363998002{number}" for number in range(3)]
    for address in names:
        await office.add_operator(address, confirm=True, ring_seconds=20)
    async with carried(office, carrier) as phones:
        call = await phones.place_call(cast.UMA, cast.LINE)
        await phones.let_pass(5)
        busy = [one["busy_with"] for one in (await office.api.get(f"{API}/operators")).json()["items"]]
        in_turn = "no_ringing_in_turn" not in carrier.lacks
        assert sum(one is not None for one in busy) == (3 if in_turn else 1), "who is rung, and nobody else"
        await call.hang_up_after(1000)
    rung = [event.target for event in call.heard if isinstance(event, Dialled)]
    assert rung[:5] == [*names, *names][:5]
    assert call.heard[-1].at >= 120


async def test_who_cannot_be_rung_takes_no_time_from_the_caller(office: Office, carrier: Carrier) -> None:
    await office.send_nina_home()
    queue = {"max_wait_seconds": 90, "ring": "in_order"}
    await office.api.patch(f"{API}/queues/{office.company.queue_id}", json=queue)
    await office.add_operator(cast.OSCAR, name="Oscar", ring_seconds=20)
    await office.add_operator(ring_seconds=20)
    async with carried(office, carrier) as phones:
        phones.phone(cast.OLGA).answers_after(0).talks_for(75)
        first = await phones.place_call(cast.CLARA, cast.LINE)
        while first.connected_to is None:
            await phones.let_pass(5)
        call = await phones.place_call(cast.UMA, cast.LINE)
        await call.ended()
    assert call.connected_to == cast.OLGA


async def test_everything_may_come_twice(office: Office, carrier: Carrier) -> None:
    await office.add_operator()
    async with carried(office, carrier) as phones:
        phones.duplicate_webhooks = 1
        phones.phone(cast.OLGA).answers_after(2).talks_for(10)
        call = await phones.place_call(cast.UMA, cast.LINE)
        await call.ended()
    assert is_sound(call)
    assert call.connected_to == cast.OLGA
    await office.settled()
    calls = (await office.api.get("/api/v1/calls")).json()["items"]
    assert [one["id"] for one in calls] == [call.sid]


async def test_the_fallback_is_a_document_of_the_line_s_provider(office: Office, carrier: Carrier) -> None:
    await office.add_manager()
    async with carried(office, carrier):
        shown = (await office.api.get("/api/v1/fallback")).json()
    assert f">{cast.MARTIN}</Number>" in shown["document"]
