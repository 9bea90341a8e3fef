"""Caller names and caller IDs are an attacker's to choose (promises.md, fact 5; CVE-2019-11408 was one of them)."""

import io
import json
import logging
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator

import pytest
import structlog
from sqlalchemy import select

from app.base.log_setup import set_up_logging
from app.base.text import display_text
from models import CallEvent, CallRecord
from tests import cast
from tests.filters.test_real_data import HOSTILE
from tests.office import Office

pytestmark = pytest.mark.anyio
PLAIN_DOCUMENT = {"Response", "Say", "Enqueue", "Play", "Redirect", "Hangup", "Reject"}


@pytest.fixture
async def logged(office: Office) -> AsyncIterator[io.StringIO]:
    """Everything that the office logs, set up as the service sets it up, from the smallest detail on."""
    root, lines = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers, root.level
    set_up_logging("debug")
    # Loggers of modules live as long as the process; a cached one would go on logging like this in the next test.
    structlog.configure(cache_logger_on_first_use=False)
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(lines)
    yield lines
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


def hides_nothing(logged: io.StringIO, texts: list[str]) -> None:
    """Every line is JSON, and none holds one of ``texts``, raw or escaped."""
    lines = logged.getvalue().splitlines()
    assert lines
    values = [str(value) for line in lines for value in json.loads(line).values()]
    for text in texts:
        assert not any(text in value for value in values), f"{text!r} was logged"


async def test_every_hostile_name_gets_an_answer_is_stored_and_never_logged(
    office: Office, logged: io.StringIO
) -> None:
    await office.add_operator()
    for text in HOSTILE:
        answer = await office.webhook("/twilio/voice", cast.UMA, CallerName=text)
        assert answer.status_code == 200, text
        assert {element.tag for element in ET.fromstring(answer.text).iter()} <= PLAIN_DOCUMENT
        assert not text.strip() or len(text) < 3 or text not in answer.text
    await office.settled()
    async with office.board.sessions() as session:
        names = list(await session.scalars(select(CallRecord.caller_name).order_by(CallRecord.started_at)))
        payloads = list(await session.scalars(select(CallEvent.payload).where(CallEvent.kind == "call.incoming")))
    assert sorted(names) == sorted(display_text(text) for text in HOSTILE)
    assert sorted(one["call"]["caller"]["name"] for one in payloads) == sorted(names)
    logging.getLogger("the test").info("the log is written")
    hides_nothing(logged, [text for text in HOSTILE if len(text) > 3])


async def test_every_hostile_caller_id_gets_an_answer_is_stored_and_never_logged(
    office: Office, logged: io.StringIO
) -> None:
    await office.add_operator()
    for text in HOSTILE:
        answer = await office.webhook("/twilio/voice", text)
        assert answer.status_code == 200, text
        assert {element.tag for element in ET.fromstring(answer.text).iter()} <= PLAIN_DOCUMENT
    await office.settled()
    async with office.board.sessions() as session:
        records = list(await session.scalars(select(CallRecord)))
    assert len(records) == len(HOSTILE)
    assert all(one.caller_number is None or one.caller_number[1:].isdigit() for one in records)
    logging.getLogger("the test").info("the log is written")
    hides_nothing(logged, [text for text in HOSTILE if len(text) > 3])


@pytest.mark.parametrize("caller", [cast.VERA, cast.UMA])
async def test_a_decision_that_fails_logs_neither_name_nor_number(
    office: Office, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch, caller: str
) -> None:
    await office.add_operator()
    await office.add_vip()

    def fail(*_: object) -> None:
        raise ValueError(f"cannot decide about {caller}")

    monkeypatch.setattr("app.answering.strangers.decide", fail)
    answer = await office.webhook("/twilio/voice", caller, CallerName="Vera Exceptionnelle")
    assert ET.fromstring(answer.text).find("Enqueue") is not None, "the ordinary queue, VIP for nobody"
    assert "decision.failed" in logged.getvalue()
    hides_nothing(logged, [caller, "Vera Exceptionnelle", caller[1:]])


async def test_what_is_refused_is_logged_without_what_it_said(office: Office, logged: io.StringIO) -> None:
    for text in [*HOSTILE, "TN-Validation\r\nevil"]:
        answer = await office.webhook("/twilio/voice", cast.UMA, StirVerstat=f"{text}!", CallerName=text)
        assert answer.status_code == 200
        answer = await office.api.post("/twilio/voice", data={"From": text, "AccountSid": text, "CallerName": text})
        assert answer.status_code == 403
    hides_nothing(logged, [text for text in HOSTILE if len(text) > 3])
    events = {json.loads(line)["event"] for line in logged.getvalue().splitlines()}
    assert events <= {"webhook.unsigned", "call.decided"}, (
        "one line a minute about what is refused, and perhaps none now"
    )
