"""Whatever breaks, the answer is valid TwiML; nobody becomes a VIP by a failure, and no blacklisted caller gets through."""

import threading
from typing import Any
from xml.etree import ElementTree

import pytest

import app.answering.answer_call as answering
import app.answering.strangers as strangers
from app.event_log.records import CallFact
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio


def verbs(text: str) -> list[str]:
    return [element.tag for element in ElementTree.fromstring(text)]


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("this part of the office is on fire")


async def test_when_the_rules_break_callers_are_received_in_the_ordinary_way(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.add_vip()
    await office.add_manager()
    await office.add_operator()
    await office.add_blacklisted()
    monkeypatch.setattr(strangers, "decide", broken)
    assert verbs((await office.webhook("/twilio/voice", cast.UMA)).text) == ["Enqueue"]
    assert verbs((await office.webhook("/twilio/voice", cast.VERA)).text) == ["Enqueue"]
    assert verbs((await office.webhook("/twilio/voice", cast.BORIS)).text) == ["Say", "Play", "Redirect"]


async def test_when_the_lists_break_too_everybody_hears_a_sentence_and_reaches_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "decide", broken)
    monkeypatch.setattr(answering, "look_up", broken)
    for caller in (cast.UMA, cast.VERA, cast.BORIS):
        answer = await office.webhook("/twilio/voice", caller)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/xml")
        assert verbs(answer.text) == ["Say", "Hangup"]


async def test_the_fallback_address_is_plainer_and_keeps_boris_out(office: Office) -> None:
    await office.add_operator()
    await office.add_vip()
    await office.add_manager()
    await office.add_blacklisted()
    error = {"ErrorCode": "11200", "ErrorUrl": f"{cast.BASE_URL}/twilio/voice"}
    assert verbs((await office.webhook("/twilio/fallback", cast.UMA, **error)).text) == ["Enqueue"]
    assert verbs((await office.webhook("/twilio/fallback", cast.VERA, **error)).text) == ["Enqueue"]
    assert "Redirect" in verbs((await office.webhook("/twilio/fallback", cast.BORIS, **error)).text)


async def test_a_call_that_fell_back_is_shown_as_it_was_received_in_the_end(office: Office) -> None:
    await office.add_operator()
    await office.add_vip()
    await office.add_manager()
    call_id = "CA" + "4" * 32
    assert "<Dial" in (await office.webhook("/twilio/voice", cast.VERA, CallSid=call_id)).text
    assert "<Enqueue" in (await office.webhook("/twilio/fallback", cast.VERA, CallSid=call_id)).text
    await office.settled()
    stored = (await office.api.get(f"/api/v1/calls/{call_id}")).json()
    assert stored["decision"]["action"] == "queue"


async def test_an_answer_does_not_wait_for_a_slow_disk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.add_operator()
    go_on = threading.Event()
    write = type(office.board.journal)._write

    def slow(journal: Any, lines: bytes, facts: list[CallFact]) -> None:
        go_on.wait(5)
        write(journal, lines, facts)

    monkeypatch.setattr(type(office.board.journal), "_write", slow)
    office.board.journal.deadline_seconds = 0.05
    try:
        answer = await office.webhook("/twilio/voice", cast.UMA)
        assert verbs(answer.text) == ["Enqueue"]
        assert office.board.journal.late == 1
    finally:
        go_on.set()


async def test_a_status_that_could_not_be_kept_is_not_acknowledged(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever repeats what has failed may repeat it; and nobody is there to hear a sentence."""

    async def fails(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(type(office.board.journal), "append", fails)
    answer = await office.webhook("/twilio/status", cast.UMA, CallStatus="completed")
    assert (answer.status_code, answer.text) == (500, "")
    assert (await office.webhook("/twilio/voice", cast.UMA)).status_code == 200


async def test_a_step_of_another_installation_is_refused(office: Office) -> None:
    assert (await office.webhook("/twilio/step/" + "A" * 60, cast.UMA)).status_code == 403


async def test_a_body_that_is_too_large_is_refused(office: Office) -> None:
    assert (await office.api.post("/twilio/voice", content=b"a=" + b"b" * 70_000)).status_code == 413
