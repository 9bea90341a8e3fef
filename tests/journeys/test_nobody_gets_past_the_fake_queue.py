"""Whatever a blacklisted caller does, and whatever URL the provider asks for them: music, a sentence, nothing else."""

import random
import secrets
from xml.etree import ElementTree

import pytest

from models import BlacklistEntry
from routing.step import Step, StepKind, decode, encode, split_owner
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio

WAYS_OUT = {"Dial", "Enqueue", "Record", "Gather", "Connect", "Refer", "Start", "Pay"}
SEQUENCES, LONGEST = 150, 12


async def every_step_of_the_office(office: Office) -> list[str]:
    """Addresses of every kind of step, as if they had been issued to somebody else and were asked for Boris."""
    menu = await office.add_menu("Accueil", {"1": {"kind": "queue", "id": office.company.queue_id}})
    await office.change_line(menu_id=menu["id"])
    operator, manager = await office.add_operator(), await office.add_manager(confirm=True)
    began = int(office.clock.now().timestamp())
    targets = [menu["id"], office.company.queue_id, operator["id"], manager["id"], ""]
    return [
        f"{cast.BASE_URL}/twilio/step/{encode(Step(kind, cast.LINE, began, target, count, priority, 'fr'), key)}"
        for key in [office.board.step_key]
        for kind in StepKind
        for target in targets
        for count, priority in ((0, 0), (1, 1000))
    ]


def urls_in(root: ElementTree.Element) -> list[str]:
    named = [value for element in root.iter() for name, value in element.attrib.items() if "url" in name.lower()]
    named += [element.attrib["action"] for element in root.iter() if "action" in element.attrib]
    return named + [element.text or "" for element in root.iter() if element.tag in {"Redirect", "Play"}]


async def test_no_sequence_of_documents_for_a_blacklisted_caller_has_a_way_out(office: Office) -> None:
    steps = await every_step_of_the_office(office)
    await office.add_blacklisted()
    await office.add_blacklisted("+3363998000", match="prefix", label="the whole village")
    dice = random.Random(20260724)
    seen = 0
    for _ in range(SEQUENCES):
        call_id, url = "CA" + secrets.token_hex(16), "/twilio/voice"
        for _ in range(dice.randint(1, LONGEST)):
            answer = await office.webhook(
                url, cast.BORIS, CallSid=call_id, Digits=dice.choice(["", "1", "9", "#"]),
                QueueResult=dice.choice(["leave", "hangup", "redirected", "error"]),
                QueueTime=dice.choice(["0", "45"]), DialCallStatus=dice.choice(["no-answer", "completed", "busy"]),
                DialBridged=dice.choice(["true", "false"]), CallStatus=dice.choice(["in-progress", "ringing"]),
                StirVerstat=dice.choice(["TN-Validation-Passed-A", ""]),
            )  # fmt: skip
            assert answer.status_code == 200
            root = ElementTree.fromstring(answer.text)
            assert not WAYS_OUT & {element.tag for element in root.iter()}, answer.text
            following = urls_in(root)
            for named in following:
                if "/twilio/step/" in named:
                    assert (
                        decode(split_owner(named.rpartition("/")[2])[1], office.board.step_key).kind
                        is StepKind.FAKE_QUEUE
                    )
                else:
                    assert named.endswith("/audio/hold-music.wav")
            seen += 1
            redirects = [named for named in following if "/twilio/step/" in named]
            url = dice.choice([*redirects * 3, dice.choice(steps), "/twilio/voice", "/twilio/fallback"])
    assert seen > SEQUENCES


async def test_boris_who_is_let_off_while_he_waits_reaches_an_operator_within_half_a_minute(office: Office) -> None:
    await office.add_operator()
    entry = await office.add_blacklisted()
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    call = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(100)
    async with office.edit() as edit:
        stored = await edit.session.get_one(BlacklistEntry, {"tenant_id": office.company.tenant, "id": entry["id"]})
        await edit.record_deleted(stored)
    let_off = office.clock.now()
    await office.phones.let_pass(45)
    assert call.connected_to == cast.OLGA
    assert (office.clock.now() - let_off).total_seconds() <= 45
    await call.ended()
    assert call.errors == []


async def test_somebody_blacklisted_while_waiting_leaves_the_real_queue_for_the_fake_one(office: Office) -> None:
    await office.add_operator()  # does not answer
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(25)
    assert call.position_in_queue == 1
    await office.add_blacklisted(cast.UMA)
    office.phones.phone(cast.OLGA).answers_after(1)
    await call.hang_up_after(600)
    assert call.errors == []
    assert call.connected_to is None


async def test_the_cap_ends_the_wait_counted_from_the_calls_start(office: Office) -> None:
    await office.add_blacklisted()
    call = await office.phones.place_call(cast.BORIS, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert 1800 <= call.answered_seconds <= 1835


async def test_the_fake_queue_never_promises_anything(office: Office) -> None:
    await office.add_blacklisted()
    call = await office.phones.place_call(cast.BORIS, cast.LINE)
    await call.hang_up_after(600)
    said = call.said().lower()
    assert said
    for promise in ("important", "position", "minute", "opérateur", "prochain"):
        assert promise not in said
