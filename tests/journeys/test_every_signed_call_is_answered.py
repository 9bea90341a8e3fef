"""A rightly signed request of a call is answered, whatever its parameters hold; and no parameter gets a caller further."""

import xml.etree.ElementTree as ET

import pytest
import structlog

from app.base import limits
from app.base.seldom_log import EVERY_SECONDS, SeldomLog
from simulator import sign
from tests import cast
from tests.office import Office
from tests.providers.test_parameters import FOUND_IN_THE_FIELD

pytestmark = pytest.mark.anyio


def first_verb(document: str) -> str:
    return ET.fromstring(document)[0].tag


@pytest.mark.parametrize("more", FOUND_IN_THE_FIELD)
async def test_voice_status_fallback_and_steps_are_answered(office: Office, more: dict[str, str]) -> None:
    await office.add_operator()
    await office.add_blacklisted()
    facts = {"CallerName": "Boris"} | more
    for path in ("/twilio/voice", "/twilio/fallback"):
        answer = await office.webhook(path, cast.UMA, **facts)
        assert (answer.status_code, first_verb(answer.text)) == (200, "Enqueue")
        answer = await office.webhook(path, cast.BORIS, **facts)
        assert (answer.status_code, first_verb(answer.text)) == (200, "Say")
        step = ET.fromstring(answer.text).findtext(".//Redirect") or ""
        assert (await office.webhook(step, cast.BORIS, **facts)).status_code == 200
    assert (
        await office.webhook("/twilio/status", cast.UMA, **(facts | {"CallStatus": "completed"}))
    ).status_code == 204


@pytest.mark.parametrize(
    "name", [f"From{cast.VERA}Z", f"Caller{cast.VERA}From{cast.VERA}StirVerstatTN-Validation-Passed-A"]
)
async def test_a_name_that_reads_like_vera_makes_nobody_vera(office: Office, name: str) -> None:
    await office.add_operator()
    await office.add_manager()
    await office.add_vip()
    await office.add_blacklisted()
    for caller, verb in ((cast.UMA, "Enqueue"), (cast.BORIS, "Say")):
        answer = await office.webhook("/twilio/voice", caller, CallerName=name)
        assert (answer.status_code, first_verb(answer.text)) == (200, verb)


async def test_bodies_are_taken_up_to_their_limit_and_no_further(office: Office) -> None:
    await office.add_operator()
    most = limits.BODY_OF_A_STRANGER_BYTES
    for length, status in ((most - 300, 200), (most, 413)):
        assert (await office.webhook("/twilio/voice", cast.UMA, AddOns="x" * length)).status_code == status


@pytest.mark.parametrize("signed_url", ["/twilio/voice", "/twilio/voice?"])
@pytest.mark.parametrize("asked_url", ["/twilio/voice", "/twilio/voice?"])
async def test_a_bare_question_mark_makes_no_difference(office: Office, signed_url: str, asked_url: str) -> None:
    values = {"AccountSid": cast.ACCOUNT_SID, "CallSid": "CA" + "1" * 32, "From": cast.UMA, "To": cast.LINE}
    headers = {"X-Twilio-Signature": sign(cast.AUTH_TOKEN, cast.BASE_URL + signed_url, list(values.items()))}
    assert (await office.api.post(cast.BASE_URL + asked_url, data=values, headers=headers)).status_code == 200


def test_of_what_is_refused_one_line_a_minute_is_written_with_a_count() -> None:
    time = 0.0
    log = SeldomLog(lambda: time)
    with structlog.testing.capture_logs() as lines:
        for second in range(130):
            time = float(second)
            for _ in range(10):
                log.warn("webhook.unsigned", "/twilio/voice")
    assert [line["times"] for line in lines] == [1, 600, 600]
    assert EVERY_SECONDS == 60
