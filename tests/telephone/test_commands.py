"""Commands to a provider's REST API: what is repeated, what is never done twice, and how faults are told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.plan.live_plan import ProviderKeys
from app.providers.registry import PROVIDERS
from app.providers.twiml.telephone import TwimlTelephone
from app.telephone.budget import Budget
from app.telephone.fault import Fault, TelephoneFault
from app.telephone.means import Means
from app.telephone.reach import Reach
from app.telephone.telephone import Telephone
from routing.step import Step, StepKind, decode, owner_of, split_owner
from simulator import Call, ConnectedTo, PhoneCompany, Queued, SignalWire, Telnyx, rest_app
from tests.simulator.a_service import BASE, BORIS, LINE, TOKEN, VERA, Page, Service, company_for

pytestmark = pytest.mark.anyio
KEY = b"k" * 32
TENANT = "a-company"
HERE = Step(StepKind.WAIT, LINE, 1)
ABOUT = Step(StepKind.WAIT, LINE, 1, about="a card")
PROJECT = "f5586561-8ff0-4291-a51b-c7dfe4139ff9"
NOW = datetime(2026, 7, 24, 10, tzinfo=UTC)
WAITS = '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>'
PAGES: dict[str, Page] = {"/twilio/voice": WAITS, "/wait": '<Pause length="30"/>', "/left": "<Say>Left.</Say>"}


def telephone_of(
    company: PhoneCompany, transport: httpx.AsyncBaseTransport | None = None, application: str = "42"
) -> Telephone:
    """Somebody's telephone at the telephone company's provider."""
    http = httpx.AsyncClient(transport=transport or httpx.ASGITransport(rest_app(company)))
    means = Means(http, Reach(lambda: NOW), BASE, KEY, "https://api.twilio.com")
    keys = ProviderKeys(company.provider.name, company.account_sid, TOKEN, TOKEN, "example", application)
    made = PROVIDERS[company.provider.name].telephone(TENANT, keys, means)
    assert made is not None
    return made


@asynccontextmanager
async def a_waiting_call(**options: object) -> AsyncIterator[tuple[PhoneCompany, Service, Call, Telephone]]:
    service = Service(dict(PAGES))
    async with company_for(service, caller_ids=[LINE], **options) as company:
        call = await company.place_call(VERA, LINE)
        await call.hears(Queued)
        yield company, service, call, telephone_of(company)


def reach_of(telephone: Telephone) -> Reach:
    assert isinstance(telephone, TwimlTelephone)
    return telephone.api.means.reach


async def refused(work: Callable[[], object]) -> TelephoneFault:
    with pytest.raises(TelephoneFault) as fault:
        await work()  # type: ignore[misc]
    return fault.value


async def test_a_call_goes_on_at_a_step_that_is_its_own() -> None:
    async with a_waiting_call() as (company, service, call, telephone):
        await telephone.go_on_at(call.sid, HERE)
        await company.settle()
        asked = [path for path, _, _ in service.asked if path.startswith("/twilio/step/")]
        owner, token = split_owner(asked[0].removeprefix("/twilio/step/"))
        assert decode(token, KEY) == HERE
        assert owner == owner_of(TENANT, call.sid, KEY)
        assert service.asked_for("/left")[0]["QueueResult"] == "redirected"


async def test_a_call_is_hung_up_once_and_then_gone() -> None:
    async with a_waiting_call() as (_, _, call, telephone):
        await telephone.hang_up(call.sid)
        await call.ended()
        assert (await refused(lambda: telephone.hang_up(call.sid))).fault is Fault.GONE
        assert (await refused(lambda: telephone.go_on_at("CA" + "0" * 32, HERE))).fault is Fault.GONE
        assert reach_of(telephone).away == {}


async def test_somebody_is_rung_and_then_asks_for_the_step() -> None:
    async with a_waiting_call() as (company, service, _, telephone):
        olga = company.phone("client:olga").answers_after(4).talks_for(20)
        call_id = await telephone.ring("client:olga", LINE, ABOUT, 20)
        placed = company.calls[call_id]
        assert (placed.direction, placed.caller, placed.state) == ("outbound-api", LINE, "queued")
        await company.let_pass(5)
        assert olga.calls == 1
        (asked,) = [params for path, _, params in service.asked if path.startswith("/twilio/step/")]
        assert (asked["CallSid"], asked["Direction"], asked["CallStatus"]) == (call_id, "outbound-api", "in-progress")
        await placed.ended()
        told = [params["CallStatus"] for params in service.asked_for("/twilio/status") if params["CallSid"] == call_id]
        assert told == ["initiated", "ringing", "in-progress", "completed"]


async def test_nobody_is_rung_with_a_number_that_is_not_ours() -> None:
    async with a_waiting_call() as (_, _, _, telephone):
        fault = await refused(lambda: telephone.ring("client:olga", BORIS, ABOUT, 20))
        assert (fault.fault, "not a number of this account" in fault.detail) == (Fault.REFUSED, True)


async def test_what_changes_a_call_is_repeated_and_what_makes_one_is_not() -> None:
    async with a_waiting_call() as (company, _, call, telephone):
        company.trouble.answers_lost = 1
        await telephone.hang_up(call.sid)
        assert company.trouble.answers_lost == 0
        await call.ended()
        before = len(company.calls)
        company.trouble.answers_lost = 1
        assert (await refused(lambda: telephone.ring("client:olga", LINE, ABOUT, 20))).fault is Fault.UNREACHABLE
        assert len(company.calls) == before + 1


async def test_an_api_that_is_away_is_told_of_until_it_answers_again() -> None:
    async with a_waiting_call() as (company, _, call, telephone):
        company.trouble.away = True
        assert (await refused(lambda: telephone.go_on_at(call.sid, HERE))).fault is Fault.UNREACHABLE
        assert reach_of(telephone).of(TENANT) == NOW
        assert reach_of(telephone).of("another company") is None
        company.trouble.away = False
        await telephone.look()
        assert reach_of(telephone).away == {}


async def test_a_wrong_key_is_told_of_too() -> None:
    async with a_waiting_call() as (company, _, call, telephone):
        company.auth_token = "another"
        assert (await refused(lambda: telephone.hang_up(call.sid))).fault is Fault.REFUSED
        assert [away.fault for away in reach_of(telephone).away.values()] == [Fault.REFUSED]


async def test_too_many_requests_are_repeated_when_that_is_soon() -> None:
    async with a_waiting_call() as (company, _, call, telephone):
        company.trouble.too_many, company.trouble.retry_after = 1, 1
        await telephone.go_on_at(call.sid, HERE)
        company.trouble.too_many, company.trouble.retry_after = 1, 30
        fault = await refused(lambda: telephone.hang_up(call.sid))
        assert (fault.fault, fault.retry_after) == (Fault.TOO_MANY, 30)
        assert reach_of(telephone).away == {}


async def test_nobody_waits_long_for_an_api_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.providers.twiml.rest.WHOLE_SECONDS", 0.05)
    async with a_waiting_call() as (company, _, call, telephone):
        company.trouble.delay = 5
        assert (await refused(lambda: telephone.hang_up(call.sid))).fault is Fault.UNREACHABLE


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ReadTimeout("no"), httpx.RemoteProtocolError("no")])
async def test_a_network_that_fails_is_a_fault_like_others(error: httpx.HTTPError) -> None:
    async def fail(request: httpx.Request) -> httpx.Response:
        raise error

    async with company_for(Service({})) as company:
        telephone = telephone_of(company, httpx.MockTransport(fail))
        assert (await refused(lambda: telephone.hang_up("CA1"))).fault is Fault.UNREACHABLE
        assert (await refused(lambda: telephone.ring("+33639980091", LINE, ABOUT, 20))).fault is Fault.UNREACHABLE
        with pytest.raises(TelephoneFault):
            async for _ in telephone.recording("RE1"):
                pass


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b'{"sid": null}'])
async def test_an_answer_that_says_nothing_is_a_fault_where_something_is_wanted(body: bytes) -> None:
    async with company_for(Service({})) as company:
        telephone = telephone_of(company, httpx.MockTransport(lambda request: httpx.Response(200, content=body)))
        assert (await refused(lambda: telephone.ring("+33639980091", LINE, ABOUT, 20))).fault is Fault.UNREACHABLE


async def test_nobody_follows_an_api_elsewhere() -> None:
    asked: list[str] = []

    def lead_away(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://example.org/"})

    async with company_for(Service({})) as company:
        telephone = telephone_of(company, httpx.MockTransport(lead_away))
        assert (await refused(lambda: telephone.look())).fault is Fault.NOT_POSSIBLE_THERE
        assert asked == ["api.twilio.com"]


async def test_the_page_that_follows_is_asked_for_at_the_same_host() -> None:
    asked: list[str] = []

    def tell(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.url.scheme}://{request.url.host}")
        following = {"next_page_uri": "https://example.org/steal"} if len(asked) == 1 else {}
        return httpx.Response(200, json={"calls": [], **following})

    async with company_for(Service({})) as company:
        telephone = telephone_of(company, httpx.MockTransport(tell))
        assert [call async for call in telephone.calls(NOW, NOW)] == []
        assert set(asked) == {"https://api.twilio.com"}


@pytest.mark.parametrize("provider", [None, SignalWire("k", space="example"), Telnyx()])
async def test_calls_are_listed_page_by_page(
    provider: SignalWire | Telnyx | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.providers.twiml.telephone._PAGE", "3")
    options = {"provider": provider, "account": PROJECT} if provider else {}
    voice = f"/{provider.name if provider else 'twilio'}/voice"
    async with company_for(Service({voice: "<Hangup/>"}), **options) as company:
        telephone = telephone_of(company)
        began = company.clock.now()
        sids = []
        for _ in range(7):
            call = await company.place_call(VERA, LINE)
            sids.append(call.sid)
            await call.ended()
            await company.let_pass(60)
        found = [call async for call in telephone.calls(began, company.clock.now())]
        assert {call.call_id for call in found} == set(sids)
        assert {(call.caller, call.called, call.status) for call in found} == {(VERA, LINE, "completed")}
        assert all(call.is_incoming and call.parent_call_id == "" for call in found)
        later = [call async for call in telephone.calls(began + timedelta(seconds=90), company.clock.now())]
        assert {call.call_id for call in later} == set(sids[2:])


async def test_a_recording_comes_when_the_provider_has_it() -> None:
    service = Service({"/twilio/voice": '<Record action="/recorded" maxLength="60"/>', "/recorded": "<Hangup/>"})
    async with company_for(service) as company:
        company.trouble.recordings_after = 5
        call = await company.place_call(VERA, LINE)
        call.plan_to_speak(2)
        await call.ended()
        sid = service.asked_for("/recorded")[0]["RecordingSid"]
        telephone = telephone_of(company)

        async def fetched() -> bytes:
            return b"".join([piece async for piece in telephone.recording(sid)])

        assert (await refused(fetched)).fault is Fault.GONE
        await company.let_pass(5)
        sound = await fetched()
        assert sound[:4] == b"RIFF"
        assert len(sound) == 44 + 2 * 8000 * 2


async def test_somebody_who_talks_can_be_taken_out_of_the_talk() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Dial action="/after"><Client>olga</Client></Dial>',
        "/after": '<Pause length="50"/>',
    }
    service = Service(pages)
    async with company_for(service) as company:
        company.phone("client:olga").answers_after(2).talks_for(300)
        call = await company.place_call(VERA, LINE)
        await call.hears(ConnectedTo)
        (leg,) = call.legs
        await telephone_of(company).go_on_at(leg.sid, HERE)
        await company.settle()
        assert service.asked_for("/after")[0]["DialCallStatus"] == "completed"
        assert not call.is_over
        asked = [params for path, _, params in service.asked if path.startswith("/twilio/step/")]
        assert [(params["CallSid"], params["ParentCallSid"]) for params in asked] == [(leg.sid, call.sid)]


async def test_telnyx_rings_somebody_by_its_application() -> None:
    service = Service({})
    telnyx = Telnyx(connection_id="42")
    async with company_for(service, provider=telnyx, account=PROJECT, caller_ids=[LINE]) as company:
        olga = company.phone("+33639980091").answers_after(4).talks_for(20)
        telephone = telephone_of(company)
        call_id = await telephone.ring("+33639980091", LINE, ABOUT, 20)
        placed = company.calls[call_id]
        assert (placed.caller, placed.state) == (LINE, "queued")
        await company.let_pass(5)
        assert olga.calls == 1
        (asked,) = [params for path, _, params in service.asked if path.startswith("/telnyx/step/")]
        assert (asked["CallSid"], asked["ConnectionId"], asked["CallStatus"]) == (call_id, "42", "in-progress")
        await telephone.hang_up(call_id)
        await placed.ended()
        told = [params["CallStatus"] for params in service.asked_for("/telnyx/status") if params["CallSid"] == call_id]
        assert told == ["completed"]


@pytest.mark.parametrize(
    ("application", "to", "fault"),
    [
        ("", "+33639980091", Fault.NOT_POSSIBLE_THERE),
        ("42", "client:olga", Fault.NOT_POSSIBLE_THERE),
        ("43", "+33639980091", Fault.GONE),
    ],
)
async def test_telnyx_rings_nobody_without_its_application_or_in_a_browser(
    application: str, to: str, fault: Fault
) -> None:
    telnyx = Telnyx(connection_id="42")
    async with company_for(Service({}), provider=telnyx, account=PROJECT, caller_ids=[LINE]) as company:
        telephone = telephone_of(company, application=application)
        assert (await refused(lambda: telephone.ring(to, LINE, ABOUT, 20))).fault is fault
        assert company.calls == {}


async def test_a_budget_makes_wait_and_then_refuses() -> None:
    now = [100.0]
    budget = Budget(per_second=10, at_once=3, patience=0.0, monotonic=lambda: now[0])
    for _ in range(3):
        await budget.take()
    with pytest.raises(TelephoneFault) as fault:
        await budget.take()
    assert fault.value.fault is Fault.TOO_MANY
    assert fault.value.retry_after == pytest.approx(0.1)
    now[0] += 0.11
    await budget.take()
    waiting = Budget(per_second=100, at_once=1, patience=1.0)
    began = asyncio.get_running_loop().time()
    await asyncio.gather(waiting.take(), waiting.take(), waiting.take())
    assert asyncio.get_running_loop().time() - began >= 0.015
