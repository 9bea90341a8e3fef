"""Telnyx: what its pages say that Twilio's do not (developers.telnyx.com, texml-verbs/… and callbacks/texml-…)."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from simulator import Call, Dialled, HungUp, Ignored, LeftQueue, Rejected, Silence, Telnyx, Twilio, rest_app
from simulator.documents import read_document
from tests.simulator.a_service import BASE, LINE, TOKEN, VERA, Page, Service, company_for, run, the_call, twiml

ACCOUNT_ID = "f5586561-8ff0-4291-a51b-c7dfe4139ff9"
OPERATOR, DEPUTY = "+33155500001", "+33155500002"
VOICE = f"{BASE}/telnyx/voice"


def call_telnyx(pages: dict[str, Page] | str, provider: Telnyx | None = None, **options: Any) -> tuple[Call, Service]:
    return the_call(pages, provider=provider or Telnyx(), **options)


def with_an_operator(service: Service, provider: Telnyx, rings: float = 3, talks: float = 20) -> Call:
    async def whole() -> Call:
        async with company_for(service, provider=provider) as company:
            company.phone(OPERATOR).answers_after(rings).talks_for(talks)
            return await (await company.place_call(VERA, LINE)).ended()

    return run(whole())


# --- parameters ------------------------------------------------------------------------------------------------------


def test_the_first_request_carries_the_documented_parameters_and_no_more() -> None:
    _, service = call_telnyx("<Reject/>", Telnyx(connection_id="42"))
    first = service.asked_for("/telnyx/voice")[0]
    assert set(first) == {
        *("AccountSid", "CallSid", "CallSidLegacy", "From", "To"),
        *("ConnectionId", "ApiVersion", "CallStatus"),
    }
    assert re.fullmatch(r"v3:[A-Za-z0-9_-]{54}", first["CallSid"])
    assert first["CallSidLegacy"] == first["CallSid"]
    assert (first["ConnectionId"], first["CallStatus"]) == ("42", "ringing")


@pytest.mark.parametrize(
    ("attestation", "told"),
    [
        ("A", {"ShakenStirAttestation": "A", "ShakenStirValidated": "true"}),
        ("C", {"ShakenStirAttestation": "C", "ShakenStirValidated": "true"}),
        ("failed", {"ShakenStirValidated": "false"}),
        (None, {}),
    ],
)
def test_attestation_has_two_parameters(attestation: str | None, told: dict[str, str]) -> None:
    service = Service({"/telnyx/voice": "<Reject/>"})

    async def whole() -> None:
        async with company_for(service, provider=Telnyx()) as company:
            await (await company.place_call(VERA, LINE, attestation=attestation, caller_name="Vera")).ended()

    run(whole())
    first = service.asked_for("/telnyx/voice")[0]
    assert {name: value for name, value in first.items() if name.startswith("Shaken")} == told
    assert first["CallerId"] == "Vera"
    assert "StirVerstat" not in first


def test_the_last_status_callback_has_telnyx_times() -> None:
    _, service = call_telnyx('<Say>Hello.</Say><Pause length="9"/>')
    told = service.asked_for("/telnyx/status")[0]
    assert (told["CallStatus"], told["CallDuration"], told["SequenceNumber"]) == ("completed", "10", "0")
    assert told["CallInitiatedAt"] == "2026-07-24T10:00:00.000Z"
    assert re.fullmatch(r"2026-07-24T10:00:\d\dZ", told["Timestamp"])
    assert "Duration" not in told


def test_a_dialled_party_and_its_action() -> None:
    number = f'<Number statusCallback="/progress" statusCallbackEvent="answered completed">{OPERATOR}</Number>'
    service = Service({"/telnyx/voice": f'<Dial action="/after">{number}</Dial>', "/after": ""})
    service.pages["/progress"] = Response(status_code=204)
    call = with_an_operator(service, Telnyx())
    leg = call.legs[0].sid
    assert [(t["CallSid"], t["ParentCallSid"], t["ParentCallSidLegacy"]) for t in service.asked_for("/progress")] == [
        (leg, call.sid, call.sid),
        (leg, call.sid, call.sid),
    ]
    after = service.asked_for("/after")[0]
    assert {name: value for name, value in after.items() if name.startswith("Dial")} == {
        "DialCallStatus": "completed",
        "DialCallSid": leg,
        "DialCallSidLegacy": leg,
        "DialCallDuration": "20",
    }


@pytest.mark.parametrize("tells", [False, True])
def test_a_queues_id_is_its_name_and_why_a_call_left_is_not_documented(tells: bool) -> None:
    pages: dict[str, Page] = {
        "/telnyx/voice": '<Enqueue action="/left" waitUrl="/wait">vip</Enqueue>',
        "/wait": '<Pause length="10"/><Leave/>',
        "/left": "",
    }
    _, service = call_telnyx(pages, Telnyx(tells_queue_result=tells))
    waiting, left = service.asked_for("/wait")[0], service.asked_for("/left")[0]
    assert {name: value for name, value in waiting.items() if "Queue" in name} == {
        "QueueSid": "vip",
        "QueuePosition": "1",
        "QueueTime": "0",
        "AvgQueueTime": "0",
        "CurrentQueueSize": "1",
    }
    assert left.get("QueueResult") == ("leave" if tells else None)


def test_a_call_leaves_its_queue_when_the_longest_wait_is_over() -> None:
    pages: dict[str, Page] = {
        "/telnyx/voice": '<Enqueue action="/left" waitUrl="/wait" maxWaitTimeSecs="25">vip</Enqueue>',
        "/wait": '<Pause length="10"/>',
        "/left": "<Say>Nobody is free.</Say>",
    }
    call, service = call_telnyx(pages)
    assert len(service.asked_for("/wait")) == 3
    assert LeftQueue("leave") in call.heard
    assert call.said() == "Nobody is free."


def test_a_queue_without_a_wait_document_is_silent() -> None:
    """Telnyx names no default; a caller must never hear nothing, so a test has to hear it."""

    async def act(call: Call) -> None:
        await call.hang_up_after(30)

    call, _ = the_call("<Enqueue>vip</Enqueue>", act, provider=Telnyx())
    assert Silence() in call.heard


def test_a_dialled_queue_tells_nobody_of_the_queue() -> None:
    service = Service(
        {
            "/telnyx/voice": lambda params: (
                '<Dial action="/after"><Queue url="/before">vip</Queue></Dial>'
                if params["From"] == OPERATOR
                else '<Enqueue waitUrl="/wait">vip</Enqueue>'
            ),
            "/wait": '<Pause length="60"/>',
            "/before": "<Say>You are connected.</Say>",
            "/after": "",
        }
    )

    async def whole() -> tuple[Call, Call]:
        async with company_for(service, provider=Telnyx()) as company:
            vera = await company.place_call(VERA, LINE)
            await company.let_pass(10)
            olga = await company.place_call(OPERATOR, LINE)
            await company.let_pass(20)
            await vera.hang_up()
            return vera, await olga.ended()

    vera, olga = run(whole())
    assert vera.said() == "You are connected."
    assert (vera.errors, olga.errors) == ([], [])
    before, after = service.asked_for("/before")[0], service.asked_for("/after")[0]
    assert not [name for name in {**before, **after} if "Queue" in name or "Dequeing" in name]
    assert (after["DialCallStatus"], after["DialCallSid"]) == ("completed", vera.sid)


def test_gathered_keys_go_by_the_applications_method() -> None:
    async def act(call: Call) -> None:
        await call.press("1")

    pages: dict[str, Page] = {
        "/telnyx/voice": '<Gather action="/key" method="POST" numDigits="1"><Say>Press 1.</Say></Gather>',
        "/key": "<Hangup/>",
    }
    call, service = the_call(pages, act, provider=Telnyx(), method="GET")
    assert [(path, method) for path, method, _ in service.asked] == [
        ("/telnyx/voice", "GET"),
        ("/key", "GET"),
        ("/telnyx/status", "GET"),
    ]
    assert service.asked_for("/key")[0]["Digits"] == "1"
    assert call.warnings == [Ignored("Gather", "method", "POST", VOICE)]


# --- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "ignored"),
    [
        ('<Gather actionOnEmptyResult="true" timeout="1"/>', ("Gather", "actionOnEmptyResult", "true")),
        ('<Gather numdigits="1" timeout="1"/>', ("Gather", "numdigits", "1")),
        ('<Record action="/refer" transcribe="true" maxLength="2"/>', ("Record", "transcribe", "true")),
        (f'<Dial referUrl="/refer" timeout="5">{OPERATOR}</Dial>', ("Dial", "referUrl", "/refer")),
        (f'<Dial timeout="5"><Number byoc="BY1">{OPERATOR}</Number></Dial>', ("Number", "byoc", "BY1")),
        ('<Say Voice="alice">Hi</Say>', ("Say", "Voice", "alice")),
    ],
)
def test_an_unknown_attribute_is_read_over_and_noted(document: str, ignored: tuple[str, str, str]) -> None:
    call, _ = call_telnyx({"/telnyx/voice": document, "/refer": ""})
    assert call.errors == []
    assert call.warnings == [Ignored(*ignored, VOICE)]


def test_what_is_read_over_has_no_effect() -> None:
    """Twilio would request the action; here the next verb follows."""
    pages: dict[str, Page] = {
        "/telnyx/voice": '<Gather action="/key" actionOnEmptyResult="true" timeout="1"/><Say>Next.</Say>',
        "/key": "<Say>Never.</Say>",
    }
    call, service = call_telnyx(pages)
    assert call.said() == "Next."
    assert service.asked_for("/key") == []


def test_a_whispers_document_is_noted_on_the_call() -> None:
    service = Service(
        {
            "/telnyx/voice": f'<Dial><Number url="/whisper">{OPERATOR}</Number></Dial>',
            "/whisper": '<Gather numDigits="1" timeout="1" bargeIn="true"/><Hangup/>',
        }
    )
    call = with_an_operator(service, Telnyx())
    assert [(w.attribute, w.url) for w in call.warnings] == [("bargeIn", f"{BASE}/whisper")]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("<Dial><Client>olga</Client></Dial>", 13215),
        ("<Dial><Conference>room</Conference></Dial>", None),
        ('<Gather timeout="1"><Pause/></Gather>', 13320),
        ('<Gather timeout="121"/>', 13313),
        (f'<Dial timeout="4">{OPERATOR}</Dial>', 13212),
        (f'<Dial timeout="121">{OPERATOR}</Dial>', 13212),
        (f'<Dial timeLimit="59">{OPERATOR}</Dial>', 13216),
        ('<Pause length="181"/>', 13910),
        ('<Say loop="11">Hi</Say>', 13510),
        ('<Say voice="Google.fr-FR-Wavenet-A">Bonjour</Say>', 13511),
        ('<Play digits="W"/>', 12200),
        ('<Enqueue waitUrl="">vip</Enqueue>', 14202),
        ("<Shout>Hi</Shout>", 12200),
    ],
)
def test_what_is_known_to_be_wrong_is_an_error(document: str, code: int | None) -> None:
    call, service = call_telnyx({"/telnyx/voice": document, "/telnyx/fallback": "<Say>Sorry.</Say>"})
    assert [error.code for error in call.errors] == [code], call.errors
    assert call.said() == "Sorry."
    assert "ErrorCode" not in service.asked_for("/telnyx/fallback")[0]


@pytest.mark.parametrize("whisper", ["<Say>A call.</Say>", "<Redirect>/other</Redirect>", "<Pause/>"])
def test_a_whisper_holds_a_gather_and_a_hangup_only(whisper: str) -> None:
    pages: dict[str, Page] = {
        "/telnyx/voice": f'<Dial><Number url="/whisper">{OPERATOR}</Number></Dial>',
        "/whisper": whisper,
    }
    call = with_an_operator(Service(pages), Telnyx())
    assert [error.code for error in call.errors] == [12200]


def test_a_recording_without_an_action_goes_on_with_the_next_verb() -> None:
    call, service = call_telnyx('<Record maxLength="2"/><Say>Thank you.</Say>')
    assert call.said() == "Thank you."
    assert len(service.asked_for("/telnyx/voice")) == 1


def test_a_reject_that_comes_first_costs_nothing() -> None:
    call, _ = call_telnyx('<Reject reason="busy"/>')
    assert Rejected("busy") in call.heard
    assert (call.state, call.billed, call.errors) == ("busy", False, [])


@pytest.mark.parametrize(
    "pages",
    [
        {"/telnyx/voice": '<Pause length="1"/><Reject/>'},
        {"/telnyx/voice": "<Say>No.</Say><Reject/>"},
        {"/telnyx/voice": "<Redirect>/refuse</Redirect>", "/refuse": "<Reject/>"},
    ],
)
def test_a_late_reject_is_an_error_and_a_hang_up_that_costs(pages: dict[str, Page]) -> None:
    call, _ = call_telnyx(pages)
    assert ["not the first verb" in error.message for error in call.errors] == [True]
    assert not any(isinstance(event, Rejected) for event in call.heard)
    assert HungUp("document") in call.heard
    assert (call.state, call.billed) == ("completed", True)


def test_at_twilio_a_redirect_before_the_reject_still_costs_nothing() -> None:
    call, _ = the_call({"/twilio/voice": "<Redirect>/refuse</Redirect>", "/refuse": "<Reject/>"}, provider=Twilio())
    assert (call.billed, call.errors, call.warnings) == (False, [], [])


DIALS_TWO = (
    '<Dial answerOnBridge="true" sequential="true" timeout="5">'
    f"<Number>{OPERATOR}</Number><Number>{DEPUTY}</Number></Dial>"
)


def test_answer_on_bridge_and_sequential_are_documented() -> None:
    call, _ = call_telnyx(DIALS_TWO)
    assert call.warnings == []
    assert call.billed is False
    assert [event.seconds for event in call.heard if isinstance(event, Dialled)] == [5, 5]
    assert call.age == 10


def test_an_account_without_them_reads_over_both() -> None:
    call, _ = call_telnyx(DIALS_TWO, Telnyx(ignores={"answerOnBridge", "sequential"}))
    assert [w.attribute for w in call.warnings] == ["answerOnBridge", "sequential"]
    assert call.billed is True
    assert call.age == 5  # both rang at once


def is_unknown(name: str) -> bool:
    return name not in Telnyx().grammar.elements["Say"].attributes


@given(
    st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,15}", fullmatch=True).filter(is_unknown),
    st.text(alphabet="abc 1/", max_size=9),
)
def test_whatever_an_unknown_attribute_is_called_the_document_is_the_same_without_it(name: str, value: str) -> None:
    document = twiml(f'<Say {name}="{value}">Hi</Say>').encode()
    root, ignored = read_document(document, VOICE, Telnyx().grammar)
    assert root[0].attrib == {}
    assert ignored == [Ignored("Say", name, value, VOICE)]


# --- delivery and REST -----------------------------------------------------------------------------------------------


def test_a_document_is_asked_for_once_whatever_the_url_wishes() -> None:
    call, service = call_telnyx(
        {"/telnyx/voice": Response(status_code=503), "/telnyx/fallback": "<Say>Sorry.</Say>"},
        voice_url="/telnyx/voice#rc=3&rp=all",
    )
    assert len(service.asked_for("/telnyx/voice")) == 1
    assert call.said() == "Sorry."


def test_the_rest_api_wants_a_bearer_and_has_no_queue_members() -> None:
    service = Service({"/telnyx/voice": '<Enqueue waitUrl="/wait">vip</Enqueue>', "/wait": '<Pause length="60"/>'})

    async def whole() -> None:
        async with company_for(service, account=ACCOUNT_ID, provider=Telnyx()) as company:
            call = await company.place_call(VERA, LINE)
            await company.let_pass(5)
            root = f"/v2/texml/Accounts/{ACCOUNT_ID}"
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(rest_app(company)), base_url="https://api.telnyx.com"
            ) as rest:
                refused = await rest.get(f"{root}/Calls/{call.sid}", auth=(ACCOUNT_ID, TOKEN))
                assert (refused.status_code, refused.json()) == (401, {"errors": [{"detail": "Authenticate"}]})
                rest.headers["authorization"] = f"Bearer {TOKEN}"
                shown = (await rest.get(f"{root}/Calls/{call.sid}")).json()
                assert (shown["sid"], shown["status"], shown["direction"]) == (call.sid, "in-progress", "inbound")
                assert "parent_call_sid" not in shown
                queue = (await rest.get(f"{root}/Queues/vip")).json()
                assert (queue["sid"], queue["current_size"]) == ("vip", 1)
                assert "friendly_name" not in queue
                assert (await rest.get(f"{root}/Queues/vip/Members")).status_code == 404
                inline = twiml("<Say>Elsewhere.</Say>")
                changed = await rest.post(f"{root}/Calls/{call.sid}", data={"Texml": inline})
                assert changed.status_code == 200
            await call.ended()
            assert call.said() == "Elsewhere."

    run(whole())


def test_a_new_call_is_asked_for_by_the_application_and_by_nothing_else() -> None:
    async def whole() -> None:
        async with company_for(
            Service({}), provider=Telnyx(connection_id="42"), account=ACCOUNT_ID, caller_ids=[LINE]
        ) as company:
            company.phone(OPERATOR).answers_after(3).talks_for(600)
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(rest_app(company)), base_url="https://api.telnyx.com"
            ) as rest:
                new, wanted = "/v2/texml/calls/42", {"To": OPERATOR, "From": LINE, "Texml": twiml("<Say>Hello.</Say>")}
                assert (await rest.post(new, json=wanted)).status_code == 401
                rest.headers["authorization"] = f"Bearer {TOKEN}"
                for wrong in ({"To": ""}, {"Timeout": "20"}, {"to": OPERATOR}, {"From": VERA}):
                    assert (await rest.post(new, json=wanted | wrong)).status_code == 422, wrong
                assert (await rest.post(new, data=wanted)).status_code == 415
                assert (await rest.post("/v2/texml/calls/43", json=wanted)).status_code == 404
                account_s = f"/v2/texml/Accounts/{ACCOUNT_ID}/Calls"
                assert (await rest.post(account_s, data=wanted)).status_code in (404, 405), "its answer has no id"
                assert company.calls == {}
                told = (await rest.post(new, json=wanted)).json()
            call = company.calls[told.pop("call_sid")]
            assert told == {"from": LINE, "to": OPERATOR, "status": "queued"}
            await call.ended()
            assert call.said() == "Hello."

    run(whole())
