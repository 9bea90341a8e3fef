"""The REST side, driven by Twilio's own client over loopback, and by hand for its errors."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import httpx
import pytest
import uvicorn
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from simulator import Call, ConnectedTo, HungUp, PhoneCompany, Queued, Ringing, rest_app
from tests.simulator.a_service import ACCOUNT, BASE, BORIS, LINE, TOKEN, VERA, Page, Service, company_for, run

Result = TypeVar("Result")
CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"
QUEUES = f"/2010-04-01/Accounts/{ACCOUNT}/Queues"

PAGES: dict[str, Page] = {
    "/twilio/voice": '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>',
    "/wait": '<Pause length="30"/>',
    "/left": "<Say>From the action.</Say>",
    "/to-olga": '<Say>Moved.</Say><Dial timeout="5"><Client>olga</Client></Dial>',
}


class ToTheSimulator(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's HTTP client, sent to a loopback address in the place of api.twilio.com."""

    def __init__(self, address: str) -> None:
        super().__init__(timeout=10)
        self.address = address

    def request(self, method: str, url: str, *arguments: Any, **named: Any) -> Any:
        return super().request(method, url.replace("https://api.twilio.com", self.address), *arguments, **named)


@asynccontextmanager
async def served(company: PhoneCompany) -> AsyncIterator[Client]:
    """The company's REST API on a free port, and Twilio's client talking to it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # whoever comes before the server has begun waits
        server = uvicorn.Server(uvicorn.Config(rest_app(company), log_level="error", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        http = ToTheSimulator(f"http://127.0.0.1:{listener.getsockname()[1]}")
        try:
            yield Client(ACCOUNT, TOKEN, http_client=http)
        finally:
            http.session.close()
            server.should_exit = True
            await serving


async def ask(work: Callable[[], Result]) -> Result:
    """Twilio's client blocks, so it runs beside the event loop."""
    return await asyncio.to_thread(work)


def test_twilios_client_sees_the_queue_and_takes_a_member_out_of_it() -> None:
    service = Service(PAGES)

    async def whole() -> Call:
        async with company_for(service) as company, served(company) as client:
            boris = await company.place_call(BORIS, LINE)
            await boris.hears(Queued)
            await company.let_pass(100)
            vera = await company.place_call(VERA, LINE)
            await vera.hears(Queued)
            await company.let_pass(20)
            queue = (await ask(client.queues.list))[0]
            assert (queue.friendly_name, queue.current_size, queue.average_wait_time) == ("support", 2, 70)
            members = await ask(client.queues(queue.sid).members.list)
            assert [(m.call_sid, m.position, m.wait_time) for m in members] == [(boris.sid, 1, 120), (vera.sid, 2, 20)]
            moved = client.queues(queue.sid).members(vera.sid)
            await ask(lambda: moved.update(url=f"{BASE}/to-olga", method="POST"))
            await vera.ended()
            assert boris.position_in_queue == 1
            return vera

    vera = run(whole())
    assert [params["QueueResult"] for params in service.asked_for("/left")] == ["redirected"]
    assert vera.said() == "Moved."
    assert [document.leg for document in vera.documents] == ["caller", "wait", "after", "caller"]


def test_the_front_member_can_be_taken_without_knowing_who_it_is() -> None:
    async def whole() -> tuple[Call, str]:
        async with company_for(Service(PAGES)) as company, served(company) as client:
            vera = await company.place_call(VERA, LINE)
            await vera.hears(Queued)
            front = client.queues(company.queue("support").sid).members("Front")
            taken = await ask(lambda: front.update(url=f"{BASE}/to-olga"))
            return await vera.ended(), taken.call_sid

    vera, taken = run(whole())
    assert (vera.sid, vera.said()) == (taken, "Moved.")


def test_a_live_call_can_be_shown_redirected_and_ended() -> None:
    service = Service(
        {
            "/twilio/voice": '<Say>Hello.</Say><Pause length="600"/>',
            "/elsewhere": '<Say>New.</Say><Pause length="600"/>',
        }
    )

    async def whole() -> Call:
        async with company_for(service) as company, served(company) as client:
            vera = await company.place_call(VERA, LINE, caller_name="Vera")
            await company.let_pass(30)
            shown = await ask(client.calls(vera.sid).fetch)
            assert (shown.status, shown.caller_name, shown.direction) == ("in-progress", "Vera", "inbound")
            await ask(lambda: client.calls(vera.sid).update(url=f"{BASE}/elsewhere", method="GET"))
            await company.let_pass(10)
            assert vera.said() == "Hello. New."
            twiml = "<Response><Say>Inline.</Say><Pause length='600'/></Response>"
            await ask(lambda: client.calls(vera.sid).update(twiml=twiml))
            await company.let_pass(10)
            ended = await ask(lambda: client.calls(vera.sid).update(status="completed"))
            assert ended.sid == vera.sid
            await vera.ended()
            shown = await ask(client.calls(vera.sid).fetch)
            assert (shown.status, shown.duration) == ("completed", "50")
            return vera

    vera = run(whole())
    assert vera.said() == "Hello. New. Inline."
    assert vera.heard[-1] == HungUp("rest")
    assert service.asked[1][:2] == ("/elsewhere", "GET")


def test_a_bridged_call_can_be_taken_away_from_the_operator() -> None:
    service = Service({"/twilio/voice": "<Dial><Client>olga</Client></Dial>", "/elsewhere": "<Say>Away.</Say>"})

    async def whole() -> Call:
        async with company_for(service) as company, served(company) as client:
            company.phone("client:olga").answers_after(2).talks_for(600)
            vera = await company.place_call(VERA, LINE)
            await vera.hears(ConnectedTo)
            await ask(lambda: client.calls(vera.sid).update(url=f"{BASE}/elsewhere"))
            return await vera.ended()

    vera = run(whole())
    assert vera.said() == "Away."
    assert vera.legs[0].state == "completed"


def test_a_dialled_partys_leg_can_be_ended() -> None:
    async def whole() -> Call:
        service = Service({"/twilio/voice": "<Dial><Client>olga</Client></Dial><Say>Back.</Say>"})
        async with company_for(service) as company, served(company) as client:
            company.phone("client:olga").answers_after(2).talks_for(600)
            vera = await company.place_call(VERA, LINE)
            await vera.hears(ConnectedTo)
            await ask(lambda: client.calls(vera.legs[0].sid).update(status="completed"))
            return await vera.ended()

    assert run(whole()).said() == "Back."


def test_a_dialled_partys_leg_can_be_taken_out_of_the_talk() -> None:
    service = Service(
        {
            "/twilio/voice": '<Dial action="/after"><Client>olga</Client></Dial>',
            "/after": "<Say>Wait.</Say>",
            "/to-olga": "<Say>For Olga alone.</Say>",
        }
    )

    async def whole() -> Call:
        async with company_for(service) as company, served(company) as client:
            company.phone("client:olga").answers_after(2).talks_for(600)
            vera = await company.place_call(VERA, LINE)
            await vera.hears(ConnectedTo)
            await ask(lambda: client.calls(vera.legs[0].sid).update(url=f"{BASE}/to-olga"))
            await vera.ended()
            await company.let_pass(10)
            return vera

    vera = run(whole())
    assert vera.said() == "Wait."
    assert service.asked_for("/after")[0]["DialBridged"] == "true"
    assert [type(event).__name__ for event in vera.legs[0].heard] == ["ConnectedTo", "Said"]
    assert vera.legs[0].state == "completed"


def test_twilios_client_makes_calls_and_lists_them_page_by_page() -> None:
    service = Service({"/twilio/voice": "<Hangup/>", "/placed": "<Say>Hello.</Say>"})

    async def whole() -> None:
        async with company_for(service, caller_ids=[LINE]) as company, served(company) as client:
            company.phone("client:olga").answers_after(3)
            placed = await ask(
                lambda: client.calls.create(
                    to="client:olga", from_=LINE, url=f"{BASE}/placed", timeout=20, status_callback=f"{BASE}/twilio/status",
                    status_callback_event=["answered", "completed"],
                )
            )  # fmt: skip
            await company.calls[placed.sid].ended()
            for _ in range(4):
                await (await company.place_call(VERA, LINE)).ended()
            listed = await ask(lambda: client.calls.list(page_size=2))
            assert len(listed) == 5
            assert [call.sid for call in listed if call.direction == "outbound-api"] == [placed.sid]
            await company.let_pass(60)
            later = company.clock.now()
            await company.let_pass(60)
            last = await (await company.place_call(VERA, LINE)).ended()
            assert [call.sid for call in await ask(lambda: client.calls.list(start_time_after=later))] == [last.sid]
            for wrong in ({"from_": BORIS}, {"timeout": 601}, {"url": "/relative"}):
                given = {"to": "client:olga", "from_": LINE, "url": f"{BASE}/placed"} | wrong
                with pytest.raises(TwilioRestException):
                    await ask(partial(client.calls.create, **given))

    run(whole())
    told = [
        params["CallStatus"] for params in service.asked_for("/twilio/status") if params["Direction"] == "outbound-api"
    ]
    assert told == ["in-progress", "completed"]


def test_a_ringing_call_can_be_canceled_but_not_redirected() -> None:
    async def whole() -> Call:
        service = Service({"/twilio/voice": '<Dial answerOnBridge="true"><Client>olga</Client></Dial>'})
        async with company_for(service) as company, served(company) as client:
            vera = await company.place_call(VERA, LINE)
            await vera.hears(Ringing)
            await company.let_pass(5)
            with pytest.raises(TwilioRestException) as refused:
                await ask(lambda: client.calls(vera.sid).update(url=f"{BASE}/elsewhere"))
            assert (refused.value.code, refused.value.status) == (21220, 400)
            await ask(lambda: client.calls(vera.sid).update(status="canceled"))
            return await vera.ended()

    vera = run(whole())
    assert (vera.state, vera.billed) == ("canceled", False)


@pytest.mark.parametrize(
    ("path", "form", "status", "code"),
    [
        (f"{CALLS}/CAnone.json", {"Status": "completed"}, 404, 20404),
        (f"{QUEUES}/QUnone/Members.json", None, 404, 20404),
        ("/2010-04-01/Accounts/ACother/Queues.json", None, 404, 20404),
        ("/2010-04-01/Nothing.json", None, 404, 20404),
        ("call", {"Status": "busy"}, 400, 20001),
        ("call", {}, 400, 20001),
        ("call", {"Url": "/relative"}, 400, 21205),
        ("call", {"Url": f"{BASE}/x", "Method": "PUT"}, 400, 21209),
        ("call", {"Twiml": "<Response>" + "x" * 4000}, 400, 32018),
        ("member", {}, 400, 20001),
        ("member", {"Url": "not a url"}, 400, 21205),
        ("nobody", {"Url": f"{BASE}/x"}, 404, 20404),
    ],
)
def test_a_bad_request_gets_twilios_error_shape(path: str, form: dict[str, str] | None, status: int, code: int) -> None:
    async def whole() -> httpx.Response:
        async with company_for(Service(PAGES)) as company:
            call = await company.place_call(VERA, LINE)
            await call.hears(Queued)
            member = f"{QUEUES}/{company.queue('support').sid}/Members/"
            known = {
                "call": f"{CALLS}/{call.sid}.json",
                "member": f"{member}{call.sid}.json",
                "nobody": f"{member}CAx.json",
            }
            transport = httpx.ASGITransport(rest_app(company))
            async with httpx.AsyncClient(transport=transport, base_url="http://api", auth=(ACCOUNT, TOKEN)) as http:
                address = known.get(path, path)
                return await (http.get(address) if form is None else http.post(address, data=form))

    answer = run(whole())
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert answer.json()["more_info"] == f"https://www.twilio.com/docs/errors/{code}"


@pytest.mark.parametrize("auth", [None, (ACCOUNT, "wrong"), ("ACother", TOKEN)])
def test_without_the_right_credentials_nothing_is_shown(auth: tuple[str, str] | None) -> None:
    async def whole() -> httpx.Response:
        async with company_for(Service(PAGES)) as company:
            transport = httpx.ASGITransport(rest_app(company))
            async with httpx.AsyncClient(transport=transport, base_url="http://api", auth=auth) as http:
                return await http.get(f"{QUEUES}.json")

    answer = run(whole())
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_bad_inline_twiml_is_an_error_of_the_call() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Say>Hi.</Say><Pause length="600"/>',
        "/twilio/fallback": "<Say>Sorry.</Say>",
    }

    async def whole() -> Call:
        async with company_for(Service(pages)) as company:
            call = await company.place_call(VERA, LINE)
            await company.let_pass(10)
            transport = httpx.ASGITransport(rest_app(company))
            async with httpx.AsyncClient(transport=transport, base_url="http://api", auth=(ACCOUNT, TOKEN)) as http:
                await http.post(
                    f"{CALLS}/{call.sid}.json", data={"Twiml": "<Response><Redirect>/rel</Redirect></Response>"}
                )
            return await call.ended()

    call = run(whole())
    assert [error.code for error in call.errors] == [11100]
    assert call.said().endswith("Sorry.")
