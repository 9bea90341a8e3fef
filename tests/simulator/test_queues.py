"""Enqueue, its wait documents, Leave, and being taken out by Dial Queue."""

from __future__ import annotations

import pytest

from simulator import Call, ConnectedTo, HungUp, LeftQueue, PhoneCompany, Played, Queued, Said, Silence
from tests.simulator.a_service import BASE, BORIS, LINE, VERA, Page, Service, company_for, run, the_call, wav

OPERATOR_LINE = "+33155500000"
UMA = "+33687654321"

QUEUE: dict[str, Page] = {
    "/twilio/voice": '<Enqueue action="/left" waitUrl="/wait">support</Enqueue><Say>After.</Say>',
    "/wait": lambda params: f"<Say>You are number {params['QueuePosition']}.</Say><Play>/music.wav</Play>",
    "/music.wav": wav(30),
    "/left": lambda params: f"<Say>Result {params['QueueResult']}.</Say>",
}


def test_the_wait_document_is_fetched_again_and_again_with_the_position() -> None:
    call, service = the_call(QUEUE, lambda call: call.hang_up_after(120))
    asked = service.asked_for("/wait")
    assert len(asked) == 4
    assert [facts["QueueTime"] for facts in asked] == ["0", "31", "62", "94"]
    first = asked[0]
    assert (first["QueuePosition"], first["CurrentQueueSize"], first["MaxQueueSize"]) == ("1", "1", "1000")
    assert first["QueueSid"].startswith("QU")
    assert first["CallSid"] == call.sid
    assert Queued("support") in call.heard
    assert Played(f"{BASE}/music.wav") in call.heard
    assert {document.leg for document in call.documents} == {"caller", "wait", "after"}


def test_hanging_up_in_the_queue_is_told_to_the_action() -> None:
    call, service = the_call(QUEUE, lambda call: call.hang_up_after(50))
    facts = service.asked_for("/left")[0]
    assert (facts["QueueResult"], facts["CallStatus"], facts["QueueTime"]) == ("hangup", "completed", "50")
    assert call.heard[-2:] == [LeftQueue("hangup"), HungUp("caller")]
    assert call.position_in_queue is None


def test_leave_goes_on_with_the_action() -> None:
    pages = {**QUEUE, "/wait": '<Say>One moment.</Say><Pause length="20"/><Leave/><Say>Never.</Say>'}
    call, service = the_call(pages)
    assert call.said() == "One moment. Result leave."
    assert service.asked_for("/left")[0]["CallStatus"] == "in-progress"


def test_leave_without_action_goes_on_after_the_enqueue() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Enqueue waitUrl="/wait">support</Enqueue><Say>After.</Say>',
        "/wait": "<Leave/>",
    }
    assert the_call(pages)[0].said() == "After."


def test_hangup_in_the_wait_document_ends_the_call() -> None:
    call, service = the_call({**QUEUE, "/wait": '<Pause length="5"/><Hangup/>'})
    assert service.asked_for("/left")[0]["QueueResult"] == "hangup"
    assert (call.state, call.said()) == ("completed", "")


def test_a_key_pressed_in_the_queue_can_leave_it() -> None:
    pages: dict[str, Page] = {
        **QUEUE,
        "/wait": '<Gather numDigits="1" action="/key" timeout="10"><Say>Press one to leave.</Say></Gather>',
        "/key": "<Leave/>",
    }
    call, service = the_call(pages, lambda call: call.press("1"))
    assert call.said().endswith("Result leave.")
    assert service.asked_for("/key")[0]["QueuePosition"] == "1"


def test_an_audio_file_can_be_the_wait_url() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Enqueue waitUrl="/music.wav" waitUrlMethod="GET">support</Enqueue>',
        "/music.wav": wav(30),
    }
    call, service = the_call(pages, lambda call: call.hang_up_after(100))
    assert (call.errors, service.asked[1][1]) == ([], "GET")
    assert call.heard.count(Played(f"{BASE}/music.wav")) == 4


@pytest.mark.parametrize(
    ("wait_url", "heard"), [('waitUrl=""', Silence()), ("", Played("Twilio's default hold music"))]
)
def test_without_a_wait_url_there_is_music_and_with_an_empty_one_silence(wait_url: str, heard: object) -> None:
    call, _ = the_call(f"<Enqueue {wait_url}>support</Enqueue>", lambda call: call.hang_up_after(10))
    assert heard in call.heard


def test_a_full_queue_says_so() -> None:
    pages = {**QUEUE, "/twilio/voice": '<Enqueue action="/left" waitUrl="/wait" maxQueueSize="1">small</Enqueue>'}
    service = Service(pages)

    async def whole() -> Call:
        async with company_for(service) as company:
            await company.place_call(VERA, LINE)
            await company.let_pass(1)
            second = await company.place_call(BORIS, LINE)
            return await second.ended()

    assert run(whole()).said() == "Result queue-full."


@pytest.mark.parametrize(
    ("wait", "code"),
    [
        ("<Dial>+33155512345</Dial>", 12200),
        ('<Enqueue waitUrl="/wait">other</Enqueue>', 12200),
        ("", None),
        ("<Redirect>/wait</Redirect>", 11215),
    ],
    ids=["dial", "enqueue", "takes no time", "redirects without end"],
)
def test_a_wait_document_that_can_not_work_is_an_error(wait: str, code: int | None) -> None:
    call, service = the_call({**QUEUE, "/wait": wait})
    assert [error.code for error in call.errors] == [code]
    assert service.asked_for("/left")[0]["QueueResult"] == "error"
    assert call.said() == "Result error."


def test_positions_move_up_when_somebody_leaves() -> None:
    service = Service(QUEUE)

    async def whole() -> list[int | None]:
        async with company_for(service) as company:
            calls = []
            for number in (VERA, BORIS, UMA):
                calls.append(await company.place_call(number, LINE))
                await company.let_pass(5)
            await calls[0].hang_up()
            return [call.position_in_queue for call in calls]

    assert run(whole()) == [None, 1, 2]


def desk(pages: dict[str, Page]) -> dict[str, Page]:
    """The same service, where the operators' line dials the queue."""
    to_caller, to_operator = pages["/twilio/voice"], pages["/operator"]

    def voice(params: dict[str, str]) -> str:
        page = to_operator if params["To"] == OPERATOR_LINE else to_caller
        assert isinstance(page, str)
        return page

    return {**pages, "/twilio/voice": voice}


TAKE_NEXT = '<Dial action="/dialled" timeLimit="300" timeout="20"><Queue url="/connecting">support</Queue></Dial>'


def test_an_operator_takes_the_caller_who_waits_longest() -> None:
    service = Service(
        desk(
            {
                **QUEUE,
                "/operator": TAKE_NEXT,
                "/connecting": "<Say>You are being connected.</Say>",
                "/dialled": "<Hangup/>",
            }
        )
    )

    async def whole(company: PhoneCompany) -> tuple[Call, Call, Call]:
        vera = await company.place_call(VERA, LINE)
        await company.let_pass(10)
        uma = await company.place_call(UMA, LINE)
        await company.let_pass(50)
        olga = await company.place_call("client:olga", OPERATOR_LINE)
        await vera.hears(ConnectedTo)
        assert uma.position_in_queue == 1
        await company.let_pass(100)
        await vera.hang_up()
        await olga.ended()
        await uma.hang_up()
        return vera, uma, olga

    async def all_of_it() -> tuple[Call, Call, Call]:
        async with company_for(service) as company:
            return await whole(company)

    vera, _, olga = run(all_of_it())
    assert (vera.connected_to, olga.connected_to) == ("client:olga", VERA)
    whisper = service.asked_for("/connecting")[0]
    assert (whisper["CallSid"], whisper["DequeingCallSid"], whisper["QueueTime"]) == (vera.sid, olga.sid, "60")
    assert Said("You are being connected.") in vera.heard
    dialled = service.asked_for("/dialled")[0]
    assert (dialled["DialCallStatus"], dialled["DialCallSid"], dialled["DialCallDuration"]) == (
        "completed",
        vera.sid,
        "100",
    )
    left = [facts for facts in service.asked_for("/left") if facts["CallSid"] == vera.sid]
    assert [facts["QueueResult"] for facts in left] == ["bridged"]


def test_the_queued_caller_goes_on_when_the_operator_hangs_up() -> None:
    service = Service(desk({**QUEUE, "/operator": "<Dial><Queue>support</Queue></Dial>"}))

    async def whole() -> tuple[Call, Call]:
        async with company_for(service) as company:
            vera = await company.place_call(VERA, LINE)
            await company.let_pass(5)
            olga = await company.place_call("client:olga", OPERATOR_LINE)
            await olga.hang_up_after(40)
            return await vera.ended(), olga

    vera, olga = run(whole())
    assert vera.said().endswith("Result bridged.")
    assert olga.answered_seconds == 40


def test_dialling_an_empty_queue_waits_for_somebody_or_gives_up() -> None:
    service = Service(desk({**QUEUE, "/operator": TAKE_NEXT, "/dialled": "<Hangup/>", "/connecting": ""}))

    async def whole() -> tuple[Call, Call]:
        async with company_for(service) as company:
            company.queue("support")
            early = await company.place_call("client:olga", OPERATOR_LINE)
            await early.ended()
            late = await company.place_call("client:olga", OPERATOR_LINE)
            await company.let_pass(15)
            vera = await company.place_call(VERA, LINE)
            await vera.hang_up_after(30)
            return early, await late.ended()

    early, late = run(whole())
    assert (early.answered_seconds, early.connected_to, late.connected_to) == (20, None, VERA)
    assert [facts["DialCallStatus"] for facts in service.asked_for("/dialled")] == ["no-answer", "completed"]


def test_dialling_an_unknown_queue_fails_at_once() -> None:
    call, service = the_call({"/twilio/voice": TAKE_NEXT, "/dialled": "<Hangup/>"})
    assert (service.asked_for("/dialled")[0]["DialCallStatus"], call.answered_seconds) == ("failed", 0)
