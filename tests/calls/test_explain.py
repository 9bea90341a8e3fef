"""Explain says what the webhook does, and does nothing itself. (A thousand random calls: ``tests/journeys``.)"""

from typing import Any

import pytest

from tests import cast
from tests.api import API, fault
from tests.office import Office

pytestmark = pytest.mark.anyio

VERSTAT = {"A": "TN-Validation-Passed-A", "C": "TN-Validation-Passed-C", "failed": "TN-Validation-Failed-A"}
CALLS: list[tuple[str, str, str]] = [
    (cast.VERA, cast.LINE, "none"),
    (cast.VERA, cast.LINE, "A"),
    (cast.VERA, cast.LINE, "failed"),
    (cast.VERA, cast.LINE, "C"),
    ("06 39 98 00 01", cast.LINE, "none"),
    (cast.BORIS, cast.LINE, "A"),
    (cast.CLARA, cast.LINE, "none"),
    (cast.UMA, "sip:" + cast.LINE + "@pbx.example.org", "none"),
    (cast.UMA, "+33199009876", "none"),
    (cast.SECOND_LINE, cast.LINE, "none"),
    ("", cast.LINE, "none"),
    ("anonymous", cast.LINE, "none"),
    ("+266696687", cast.LINE, "none"),
    ("sip:door@intercom.example", cast.LINE, "none"),
    ("</Say><Dial>+882130000000</Dial>", cast.LINE, "none"),
    ("112", cast.LINE, "none"),
]


async def question(office: Office, caller: str, to: str = cast.LINE, **more: Any) -> dict[str, Any]:
    response = await office.api.post(f"{API}/explain", json={"from": caller, "to": to} | more)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def test_explain_equals_what_the_webhook_did(office: Office) -> None:
    await office.add_operator()
    await office.add_manager()
    await office.add_vip()
    await office.add_blacklisted("+3363998000", match="prefix")
    gold = await office.add_category("Gold", priority=40, queue_id=office.company.queue_id)
    await office.add_client(category_id=gold["id"])
    await office.api.post(f"{API}/lines", json={"number": cast.SECOND_LINE, "label": "Second"})
    for caller, to, attestation in CALLS:
        told = await question(office, caller, to, attestation=attestation)
        extra = {"StirVerstat": VERSTAT[attestation]} if attestation in VERSTAT else {}
        call_id = "CA" + f"{CALLS.index((caller, to, attestation)):032x}"
        answer = await office.webhook("/twilio/voice", caller, to, CallSid=call_id, **extra)
        assert answer.status_code == 200
        await office.settled()
        did = (await office.api.get(f"{API}/calls/{call_id}")).json()["decision"]
        assert told == did, (caller, to, attestation)


async def test_it_is_told_in_the_language_of_the_request_and_in_english_without_one(office: Office) -> None:
    asked = {"from": "anonymous", "to": cast.LINE}
    told = {
        language: (await office.api.post(f"{API}/explain", json=asked, headers={"Accept-Language": language})).json()
        for language in ("fr", "es", "ru", "en", "zu")
    }
    told["none"] = await question(office, "anonymous")
    texts = {language: one["reason"]["text"] for language, one in told.items()}
    assert texts["none"] == texts["en"] == texts["zu"]
    assert texts["en"].startswith("The caller withholds the number.")
    assert len({texts[language] for language in ("en", "fr", "es", "ru")}) == 4
    codes = {language: [(step["question"], step["found"]) for step in one["trace"]] for language, one in told.items()}
    assert all(one == codes["en"] for one in codes.values())


async def test_nothing_is_recorded(office: Office) -> None:
    await question(office, cast.UMA)
    await office.settled()
    assert (await office.api.get(f"{API}/calls")).json()["items"] == []


async def test_time_travel_in_the_lines_own_clock_and_in_utc(office: Office) -> None:
    await office.keep_hours(friday=["09:00-18:00"])
    assert (await question(office, cast.UMA))["reason"]["code"] == "default"
    for at, code in (
        ("2026-07-24T17:59", "default"),
        ("2026-07-24T18:00", "closed"),
        ("2026-07-24T15:59:59Z", "default"),
        ("2026-07-24T16:00:00Z", "closed"),
        ("2026-07-24T17:59:00+02:00", "default"),
        ("2026-07-25", "closed"),
    ):
        assert (await question(office, cast.UMA, at=at))["reason"]["code"] == code, at


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"to": cast.LINE}, "from"),
        ({"from": cast.UMA}, "to"),
        ({"from": cast.UMA, "to": cast.LINE, "at": "soon"}, "at"),
        ({"from": cast.UMA, "to": cast.LINE, "at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"from": cast.UMA, "to": cast.LINE, "attestation": "Z"}, "attestation"),
        ({"from": "x" * 1025, "to": cast.LINE}, "from"),
        ({"from": None, "to": cast.LINE}, "from"),
    ],
)
async def test_what_cannot_be_asked_names_the_field(office: Office, body: dict[str, Any], field: str) -> None:
    assert fault(await office.api.post(f"{API}/explain", json=body)) == (422, "unprocessable", field)
