"""SignalWire: what its pages say that Twilio's do not (developer.signalwire.com, compatibility-api/cxml/voice)."""

from __future__ import annotations

import asyncio
import re
import uuid
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from starlette.responses import Response

from simulator import Call, Played, Rejected, SignalWire, rest_app
from simulator.following import APPLICATION_ERROR
from tests.simulator.a_service import BASE, LINE, TOKEN, VERA, Page, Params, Service, company_for, run, the_call

PROJECT = "b3877c40-da60-4998-90ad-b792e98472af"
OPERATOR = "+33155500001"
SIGNALWIRE = SignalWire("PSK_1")


def is_uuid(text: str) -> bool:
    return str(uuid.UUID(text)) == text


def call_signalwire(pages: dict[str, Page] | str, **options: Any) -> tuple[Call, Service]:
    return the_call(pages, provider=SIGNALWIRE, **options)


def test_the_first_request_carries_the_documented_parameters_and_no_more() -> None:
    _, service = call_signalwire("<Reject/>")
    first = service.asked_for("/signalwire/voice")[0]
    assert set(first) == {"CallSid", "AccountSid", "From", "To", "CallStatus", "ApiVersion", "Direction"}
    assert is_uuid(first["CallSid"])
    assert (first["From"], first["To"], first["CallStatus"], first["Direction"]) == (VERA, LINE, "ringing", "inbound")


def test_a_rejected_call_costs_nothing() -> None:
    call, service = call_signalwire('<Reject reason="busy"/>')
    assert Rejected("busy") in call.heard
    assert (call.state, call.billed) == ("busy", False)
    assert service.asked_for("/signalwire/status")[0]["CallStatus"] == "busy"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("<Dial><Client>olga</Client></Dial>", 13215),
        ("<Dial><Verto>olga</Verto></Dial>", None),
        (f'<Dial sequential="true">{OPERATOR}</Dial>', 12100),
        (f'<Dial machineDetection="Enable">{OPERATOR}</Dial>', 12100),
        (f'<Dial><Number machineDetection="Enable">{OPERATOR}</Number></Dial>', 12100),
        (f'<Dial timeout="4">{OPERATOR}</Dial>', 13212),
        (f'<Dial action="/after">{OPERATOR}</Dial>', 12200),
        (f"<Dial><Sip>sip:olga@example.com</Sip><Number>{OPERATOR}</Number></Dial>", 13215),
        ('<Gather action="/key"/>', 12200),
        ('<Gather bargeIn="true"/>', 12100),
        ('<Enqueue action="/left">vip</Enqueue>', 14203),
        ('<Enqueue waitUrl="">vip</Enqueue>', 14202),
        ('<Enqueue maxQueueSize="5">vip</Enqueue>', 12100),
        ('<Say voice="Google.fr-FR-Wavenet-A">Bonjour</Say>', 13511),
        ("<Reject><Parameter name='a' value='b'/></Reject>", 12200),
        ("<say>Bonjour</say>", 12200),
    ],
)
def test_what_signalwire_does_not_know_is_an_error(document: str, code: int | None) -> None:
    call, service = call_signalwire({"/signalwire/voice": document, "/signalwire/fallback": "<Say>Sorry.</Say>"})
    assert [error.code for error in call.errors] == [code], call.errors
    assert call.said() == "Sorry."
    assert "ErrorCode" not in service.asked_for("/signalwire/fallback")[0]


@pytest.mark.parametrize(
    "document",
    [
        f'<Dial answerOnBridge="true" timeout="5" callerName="Vera" ringTone="us-old">{OPERATOR}</Dial>',
        f'<Dial action="{BASE}/after" timeout="5">{OPERATOR}</Dial>',
        '<Dial timeout="5"><Sip codecs="PCMU,OPUS" sessionTimeout="600">sip:olga@example.com;transport=udp</Sip></Dial>',
        '<Say voice="gcloud.fr-FR-Wavenet-A" language="fr-FR">Bonjour</Say>',
        f'<Record action="{BASE}/after" maxLength="0" timeout="2"/>',
    ],
)
def test_what_its_pages_name_is_understood(document: str) -> None:
    call, _ = call_signalwire({"/signalwire/voice": document, "/after": ""})
    assert call.errors == []
    assert call.warnings == []


def test_a_caller_hears_the_ringing_tone_until_the_operator_answers() -> None:
    service = Service({"/signalwire/voice": f'<Dial answerOnBridge="true" action="{BASE}/after">{OPERATOR}</Dial>'})
    service.pages["/after"] = ""

    async def whole() -> Call:
        async with company_for(service, provider=SIGNALWIRE) as company:
            company.phone(OPERATOR).answers_after(7).talks_for(30)
            return await (await company.place_call(VERA, LINE)).ended()

    call = run(whole())
    assert call.answered_seconds == 30
    after = service.asked_for("/after")[0]
    assert {name: after[name] for name in after if name.startswith("Dial")} == {
        "DialCallStatus": "completed",
        "DialCallSid": call.legs[0].sid,
        "DialCallDuration": "30",
    }
    assert is_uuid(after["DialCallSid"])


def test_a_dialled_partys_callbacks_name_the_parent_and_the_order() -> None:
    events = "initiated ringing answered completed"
    number = f'<Number statusCallback="/progress" statusCallbackEvent="{events}">{OPERATOR}</Number>'
    service = Service({"/signalwire/voice": f"<Dial>{number}</Dial>", "/progress": Response(status_code=204)})

    async def whole() -> Call:
        async with company_for(service, provider=SIGNALWIRE) as company:
            company.phone(OPERATOR).answers_after(3).talks_for(20)
            return await (await company.place_call(VERA, LINE)).ended()

    call = run(whole())
    told = service.asked_for("/progress")
    assert [(t["SequenceNumber"], t["CallStatus"]) for t in told] == [
        ("0", "initiated"),
        ("1", "ringing"),
        ("2", "in-progress"),
        ("3", "completed"),
    ]
    assert {t["ParentCallSid"] for t in told} == {call.sid}
    assert {t["Direction"] for t in told} == {"outbound-dial"}
    assert [t.get("CallDuration") for t in told] == [None, None, None, "20"]
    assert all(re.fullmatch(r"\w{3}, \d\d \w{3} 2026 [\d:]{8} \+0000", t["Timestamp"]) for t in told)
    assert not any("Duration" in t or "Caller" in t for t in told)


def test_a_queue_tells_the_documented_parameters() -> None:
    pages: dict[str, Page] = {
        "/signalwire/voice": f'<Enqueue action="{BASE}/left" waitUrl="/wait">vip</Enqueue>',
        "/wait": '<Pause length="10"/><Leave/>',
        "/left": "",
    }
    _, service = call_signalwire(pages)
    waiting, left = service.asked_for("/wait")[0], service.asked_for("/left")[0]
    queue = {name: waiting[name] for name in waiting if "Queue" in name}
    assert is_uuid(queue.pop("QueueSid"))
    assert queue == {"QueuePosition": "1", "QueueTime": "0", "AvgQueueTime": "0", "CurrentQueueSize": "1"}
    assert (left["QueueResult"], left["QueueTime"]) == ("leave", "10")


def test_a_waiting_caller_is_told_about_before_being_connected() -> None:
    service = Service(
        {
            "/signalwire/voice": lambda params: (
                f'<Dial action="{BASE}/after"><Queue url="/before">vip</Queue></Dial>'
                if params["From"] == OPERATOR
                else f'<Enqueue action="{BASE}/left">vip</Enqueue>'
            ),
            "/before": "<Say>You are connected.</Say>",
            "/after": "",
            "/left": "",
        }
    )

    async def whole() -> tuple[Call, Call]:
        async with company_for(service, provider=SIGNALWIRE) as company:
            vera = await company.place_call(VERA, LINE)
            await company.let_pass(10)
            olga = await company.place_call(OPERATOR, LINE)
            await company.let_pass(20)
            await vera.hang_up()
            return vera, await olga.ended()

    vera, olga = run(whole())
    assert Played("SignalWire's default hold music") in vera.heard
    before, after, left = (service.asked_for(path)[0] for path in ("/before", "/after", "/left"))
    assert (before["CallSid"], before["DequeingCallSid"], before["QueueTime"]) == (vera.sid, olga.sid, "10")
    assert "QueueSid" not in after
    assert (left["QueueResult"], left["QueueSid"]) == ("bridged", before["QueueSid"])


def test_a_recording_is_reported_even_when_nobody_spoke() -> None:
    service = Service({"/signalwire/voice": '<Record action="/after" timeout="2"/><Say>never</Say>', "/after": ""})

    async def whole() -> Call:
        async with company_for(service, provider=SIGNALWIRE) as company:
            call = await company.place_call(VERA, LINE)
            call.plan_to_speak(0)
            return await call.ended()

    call = run(whole())
    assert call.said() == ""
    assert service.asked_for("/after")[0]["RecordingDuration"] == "0"


def test_a_document_is_asked_for_once_within_five_seconds() -> None:
    async def too_slow(_: Params) -> str:
        await asyncio.sleep(60)
        return ""

    call, service = call_signalwire(
        {"/signalwire/voice": too_slow, "/signalwire/fallback": "<Say>Sorry.</Say>"}, request_timeout=0.2
    )
    assert len(service.asked_for("/signalwire/voice")) == 1
    assert call.said() == "Sorry."
    assert SIGNALWIRE.delivery("", 15, callback=False).read_timeout == 5


def test_a_status_callback_is_tried_three_times() -> None:
    _, service = call_signalwire({"/signalwire/voice": "<Hangup/>", "/signalwire/status": Response(status_code=503)})
    assert len(service.asked_for("/signalwire/status")) == 3


def test_three_http_redirects_are_followed_and_not_a_fourth() -> None:
    def moved(location: str) -> Response:
        return Response(status_code=302, headers={"location": location})

    pages: dict[str, Page] = {"/signalwire/voice": moved("/1"), "/1": moved("/2"), "/2": moved("/3"), "/3": "<Hangup/>"}
    assert call_signalwire(pages)[0].errors == []
    call, _ = call_signalwire({**pages, "/3": moved("/4"), "/4": "<Hangup/>"})
    assert call.errors[0].code == 11215
    assert call.said() == APPLICATION_ERROR


def test_the_rest_api_lies_under_laml_and_takes_no_inline_document() -> None:
    service = Service({"/signalwire/voice": '<Enqueue waitUrl="/wait">vip</Enqueue>', "/wait": '<Pause length="60"/>'})
    service.pages["/other"] = "<Say>Elsewhere.</Say>"

    async def whole() -> None:
        async with company_for(service, account=PROJECT, provider=SIGNALWIRE) as company:
            call = await company.place_call(VERA, LINE)
            await company.let_pass(5)
            root = f"/api/laml/2010-04-01/Accounts/{PROJECT}"
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(rest_app(company)),
                base_url="https://example.signalwire.com",
                auth=(PROJECT, TOKEN),
            ) as rest:
                shown = (await rest.get(f"{root}/Calls/{call.sid}.json")).json()
                assert (shown["sid"], shown["uri"]) == (call.sid, f"{root}/Calls/{call.sid}.json")
                queue = (await rest.get(f"{root}/Queues.json")).json()["queues"][0]
                assert is_uuid(queue["sid"])
                inline = await rest.post(f"{root}/Calls/{call.sid}.json", data={"Twiml": "<Response/>"})
                assert (inline.status_code, inline.json()["code"]) == (400, 20001)
                moved = await rest.post(
                    f"{root}/Queues/{queue['sid']}/Members/{call.sid}.json", params={"Url": f"{BASE}/other"}
                )
                assert moved.status_code == 200
                assert (await rest.get(f"/2010-04-01/Accounts/{PROJECT}/Queues.json")).status_code == 404
            await call.ended()
            assert call.said() == "Elsewhere."

    run(whole())


def test_a_relative_redirect_is_understood() -> None:
    call, service = call_signalwire({"/signalwire/voice": "<Redirect>/next?a=1</Redirect>", "/next": "<Hangup/>"})
    assert call.errors == []
    assert dict(parse_qsl(urlsplit(str(service.requests[1].url)).query)) == {"a": "1"}
