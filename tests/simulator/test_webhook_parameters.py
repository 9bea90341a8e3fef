"""What the service is told about a caller, and the trouble that can be ordered on the way."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.responses import Response

from simulator import Call, RealClock
from tests.simulator.a_service import ACCOUNT, LINE, VERA, Page, Service, company_for, run, the_call


def first_webhook(caller: str = VERA, method: str = "POST", **facts: object) -> dict[str, str]:
    service = Service({"/twilio/voice": "<Reject/>"})

    async def whole() -> None:
        async with company_for(service, method=method) as company:
            call = await company.place_call(caller, LINE, **facts)  # type: ignore[arg-type]
            await call.ended()

    run(whole())
    assert service.asked[0][1] == method
    return service.asked[0][2]


def test_the_first_webhook_has_every_documented_parameter() -> None:
    facts = first_webhook(call_sid="CA" + "a" * 32)
    assert facts["CallSid"] == "CA" + "a" * 32
    assert facts["AccountSid"] == ACCOUNT
    assert (facts["From"], facts["Caller"]) == (VERA, VERA)
    assert (facts["To"], facts["Called"]) == (LINE, LINE)
    assert (facts["CallStatus"], facts["Direction"], facts["ApiVersion"]) == ("ringing", "inbound", "2010-04-01")
    assert (facts["FromCountry"], facts["CalledCountry"], facts["FromCity"]) == ("FR", "FR", "")
    assert facts["CallToken"]
    assert not {"StirVerstat", "CallerName", "ForwardedFrom", "ParentCallSid"} & facts.keys()


@pytest.mark.parametrize(
    ("attestation", "verstat"),
    [
        ("A", "TN-Validation-Passed-A"),
        ("C", "TN-Validation-Passed-C"),
        ("failed", "TN-Validation-Failed"),
        ("TN-Validation-Passed-A-Diverted", "TN-Validation-Passed-A-Diverted"),
        ("NULL", "NULL"),
    ],
)
def test_attestation_arrives_as_twilio_writes_it(attestation: str, verstat: str) -> None:
    assert first_webhook(attestation=attestation)["StirVerstat"] == verstat


def test_name_forwarding_and_further_parameters_are_passed_on() -> None:
    facts = first_webhook(caller_name="VERA V", forwarded_from="+33100000000", extra={"New": "1", "FromCity": "Lyon"})
    assert (facts["CallerName"], facts["ForwardedFrom"], facts["New"]) == ("VERA V", "+33100000000", "1")
    assert facts["FromCity"] == "Lyon"


@pytest.mark.parametrize("caller", ["", "anonymous", "+266696687", "client:web", "0612345678", "'; DROP TABLE calls--"])
def test_any_caller_id_arrives_as_it_is(caller: str) -> None:
    assert first_webhook(caller)["From"] == caller


def test_a_sip_caller_brings_its_domain() -> None:
    facts = first_webhook("sip:uma@voip.example.com:5061;transport=tls")
    assert (facts["SipDomain"], facts["SipCallId"][-16:]) == ("voip.example.com", "voip.example.com")


def test_by_get_the_parameters_are_in_the_query_and_there_is_no_call_token() -> None:
    facts = first_webhook(method="GET")
    assert (facts["From"], "CallToken" in facts) == (VERA, False)


def test_a_duplicated_webhook_is_one_retry_with_one_token() -> None:
    call, service = the_call("<Say>Hello.</Say>", duplicate_webhooks=2)
    tokens = [r.headers["i-twilio-idempotency-token"] for r in service.requests if r.url.path == "/twilio/voice"]
    assert (len(tokens), len(set(tokens))) == (3, 1)
    assert call.said() == "Hello."
    assert len(call.documents) == 1
    assert len(service.asked_for("/twilio/status")) == 3


DIAL = '<Dial timeout="5"><Client statusCallback="/leg" statusCallbackEvent="initiated ringing completed">x</Client></Dial>'


def sequence(service: Service) -> list[str]:
    return [facts["SequenceNumber"] for facts in service.asked_for("/leg")]


def test_status_callbacks_can_be_shuffled_the_same_way_each_time() -> None:
    pages: dict[str, Page] = {"/twilio/voice": DIAL.replace('timeout="5"', 'timeout="1"'), "/leg": ""}
    orders = {tuple(sequence(the_call(pages, shuffle_status_callbacks=seed)[1])) for seed in range(8)}
    assert len(orders) > 1
    assert all(sorted(order) == ["0", "1", "2"] for order in orders)
    assert sequence(the_call(pages, shuffle_status_callbacks=3)[1]) == sequence(
        the_call(pages, shuffle_status_callbacks=3)[1]
    )


def test_status_callbacks_can_be_lost() -> None:
    pages: dict[str, Page] = {"/twilio/voice": DIAL, "/leg": ""}
    _, none = the_call(pages, drop_status_callbacks=True)
    assert (none.asked_for("/leg"), none.asked_for("/twilio/status")) == ([], [])
    _, some = the_call(pages, drop_status_callbacks=lambda facts: facts["CallStatus"] == "ringing")
    assert sequence(some) == ["0", "2"]


def test_a_refused_status_callback_is_a_warning_not_an_error() -> None:
    service = Service({"/twilio/voice": "<Reject/>", "/twilio/status": Response("no", status_code=403)})

    async def whole() -> tuple[Call, list[int | None]]:
        async with company_for(service) as company:
            call = await company.place_call(VERA, LINE)
            await call.ended()
            return call, [warning.code for warning in company.warnings]

    call, codes = run(whole())
    assert (call.errors, codes) == ([], [15003])


def test_the_address_connected_to_can_differ_from_the_signed_one() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, headers={"content-type": "text/xml"}, text="<Response/>")

    the_call("", transport=httpx.MockTransport(answer), connect_to="http://127.0.0.1:8123")
    assert str(seen[0].url) == "http://127.0.0.1:8123/twilio/voice"
    assert seen[0].headers["host"] == "pbx.example.org"


@pytest.mark.parametrize(
    ("fragment", "asked"), [("", 1), ("#rc=2&rp=all", 3), ("#rc=1&rp=5xx", 2), ("#rc=3&rp=4xx", 1)]
)
def test_the_urls_fragment_asks_for_retries(fragment: str, asked: int) -> None:
    call, service = the_call({"/twilio/voice": Response(status_code=503)}, voice_url=f"/twilio/voice{fragment}")
    assert len(service.asked_for("/twilio/voice")) == asked
    assert call.errors[0].code == 11217


def test_the_real_clock_can_run_faster() -> None:
    service = Service({"/twilio/voice": "<Pause length='20'/><Say>Hello there!!!</Say>"})

    async def whole() -> tuple[Call, float]:
        async with company_for(service, clock=RealClock(speed=200)) as company:
            began = asyncio.get_running_loop().time()
            call = await company.place_call(VERA, LINE)
            await company.settle()
            await call.ended()
            return call, asyncio.get_running_loop().time() - began

    call, took = run(whole())
    assert 0.1 <= took < 2
    assert call.said() == "Hello there!!!"
    assert call.age >= 21


def test_leaving_the_company_ends_the_calls_under_way() -> None:
    service = Service({"/twilio/voice": '<Dial><Client>olga</Client></Dial><Pause length="3600"/>'})

    async def whole() -> Call:
        async with company_for(service) as company:
            call = await company.place_call(VERA, LINE)
            await company.let_pass(10)
        assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
        return call

    assert run(whole()).is_over
