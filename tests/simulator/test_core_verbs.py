"""Say, Play, Pause, Gather, Redirect, Reject, Hangup and Record, as the caller hears them."""

from __future__ import annotations

import time

import pytest
from starlette.responses import Response

from simulator import (
    Call,
    CallIsOver,
    HungUp,
    Played,
    Pressed,
    Prompt,
    Recorded,
    Rejected,
    Ringing,
    Said,
    Silence,
)
from tests.simulator.a_service import BASE, VERA, Page, Service, company_for, run, the_call, wav


def test_the_caller_hears_what_is_said_and_how_long_it_takes() -> None:
    call, _ = the_call('<Say language="fr-FR" voice="Polly.Lea">Bonjour, un instant.</Say><Pause length="3"/>')
    assert call.heard == [
        Ringing(),
        Said("Bonjour, un instant.", "fr-FR", "Polly.Lea"),
        Silence(),
        HungUp("document"),
    ]
    said, silence = call.heard[1], call.heard[2]
    assert isinstance(said, Said)
    assert said.seconds == pytest.approx(20 / 14)
    assert isinstance(silence, Silence)
    assert silence.seconds == pytest.approx(3)
    assert (call.state, call.billed) == ("completed", True)


def test_a_repeated_text_takes_as_often_as_long() -> None:
    call, _ = the_call('<Say loop="3">Hello there!!!</Say>')
    assert call.answered_seconds == 3


def test_played_audio_is_really_fetched_and_lasts_as_long_as_the_file() -> None:
    call, service = the_call({"/twilio/voice": "<Play>/music.wav</Play>", "/music.wav": wav(12.5)})
    assert Played(f"{BASE}/music.wav") in call.heard
    assert call.answered_seconds == 12  # 12.5 rounds to even
    assert service.asked[1] == ("/music.wav", "GET", {})


def test_audio_is_fetched_once_and_then_kept() -> None:
    _, service = the_call({"/twilio/voice": '<Play loop="2">/m.wav</Play><Play>/m.wav</Play>', "/m.wav": wav(1)})
    assert len(service.asked_for("/m.wav")) == 1


def test_key_tones_can_be_played() -> None:
    call, _ = the_call('<Play digits="wW12"/>')
    assert call.heard[1] == Played("tones wW12")


def test_an_audio_file_in_a_documents_place_is_played() -> None:
    call, _ = the_call({"/twilio/voice": wav(7)})
    assert (call.errors, call.answered_seconds) == ([], 7)


def test_pause_as_the_first_verb_lets_the_phone_ring_that_long() -> None:
    call, _ = the_call('<Pause length="4"/><Say>Hello there!!!</Say>')
    ringing = call.heard[0]
    assert isinstance(ringing, Ringing)
    assert ringing.seconds == 4
    assert call.answered_seconds == 1


@pytest.mark.parametrize(("reason", "state"), [("rejected", "no-answer"), ("busy", "busy")])
def test_a_call_rejected_first_is_not_billed(reason: str, state: str) -> None:
    call, service = the_call(f'<Reject reason="{reason}"/>')
    assert call.heard == [Ringing(), Rejected(reason)]
    assert (call.state, call.billed) == (state, False)
    assert service.asked_for("/twilio/status")[0]["CallStatus"] == state


def test_a_call_that_heard_something_is_billed_though_rejected_afterwards() -> None:
    call, _ = the_call("<Say>No.</Say><Reject/>")
    assert (call.state, call.billed) == ("completed", True)
    assert call.heard[-1] == HungUp("document")


def test_hangup_as_the_first_verb_answers_and_bills() -> None:
    call, _ = the_call("<Hangup/><Say>Never said.</Say>")
    assert (call.state, call.billed, call.said()) == ("completed", True, "")


def test_an_empty_response_is_answered_and_over() -> None:
    call, _ = the_call("")
    assert (call.state, call.billed, call.answered_seconds) == ("completed", True, 0)


def test_redirect_resolves_relative_addresses_and_honours_get() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Redirect method="GET">step/two?x=1&amp;y=2</Redirect><Say>Unreachable.</Say>',
        "/twilio/step/two": "<Say>Two.</Say>",
    }
    call, service = the_call(pages)
    path, method, params = service.asked[1]
    assert (path, method, params["x"], params["CallStatus"]) == ("/twilio/step/two", "GET", "1", "ringing")
    assert call.said() == "Two."


MENU: dict[str, Page] = {
    "/twilio/voice": (
        '<Gather numDigits="1" action="/chosen" timeout="6"><Say>Press one for sales, two for help.</Say></Gather>'
        "<Say>Nothing pressed.</Say>"
    ),
    "/chosen": lambda params: f"<Say>You chose {params['Digits']}.</Say>",
}


def test_a_gather_without_keys_times_out_after_its_prompt_and_falls_through() -> None:
    call, service = the_call(MENU)
    assert call.said().endswith("Nothing pressed.")
    assert Prompt(1) in call.heard
    nothing = call.heard[-2]
    assert nothing.at == pytest.approx(34 / 14 + 6)
    assert service.asked_for("/chosen") == []


def test_planned_keys_are_pressed_after_the_prompt() -> None:
    async def act(call: Call) -> None:
        call.plan_to_press(["2"])

    call, service = the_call(MENU, act)
    assert call.said().endswith("You chose 2.")
    assert Pressed("2") in call.heard
    assert service.asked_for("/chosen")[0]["Digits"] == "2"


def test_pressing_a_key_stops_the_prompt() -> None:
    async def act(call: Call) -> None:
        await call.hears(Said)
        await call.press("1")

    call, _ = the_call(MENU, act)
    prompt = next(event for event in call.heard if isinstance(event, Said))
    assert prompt.seconds == 0
    assert call.said().endswith("You chose 1.")


def test_keys_up_to_the_finishing_key_are_sent_without_it() -> None:
    pages: dict[str, Page] = {"/twilio/voice": '<Gather action="/chosen"/>', "/chosen": MENU["/chosen"]}
    call, _ = the_call(pages, lambda call: call.press("4711#99"))
    assert call.said() == "You chose 4711."


def test_the_finishing_key_alone_counts_as_nothing_pressed() -> None:
    call, service = the_call({"/twilio/voice": '<Gather action="/no"/><Say>Nothing.</Say>'}, lambda c: c.press("#"))
    assert call.said() == "Nothing."
    assert service.asked_for("/no") == []


def test_action_on_empty_result_is_told_of_silence() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Gather action="/chosen" actionOnEmptyResult="true"/>',
        "/chosen": lambda params: f"<Say>Got [{params['Digits']}]</Say>",
    }
    assert the_call(pages)[0].said() == "Got []"


def test_a_gather_without_action_goes_back_to_its_own_address() -> None:
    def voice(params: dict[str, str]) -> str:
        return "<Say>Thanks.</Say>" if "Digits" in params else '<Gather numDigits="1"/>'

    call, service = the_call({"/twilio/voice": voice}, lambda call: call.press("5"))
    assert [params.get("Digits") for params in service.asked_for("/twilio/voice")] == [None, "5"]
    assert call.said() == "Thanks."


def test_two_presses_reach_two_menus() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Gather numDigits="1" action="/second"/>',
        "/second": lambda p: f'<Say>{p["Digits"]}</Say><Gather numDigits="1" action="/third"/>',
        "/third": lambda p: f"<Say>{p['Digits']}</Say>",
    }

    async def act(call: Call) -> None:
        await call.press("1")
        await call.press("2")

    assert the_call(pages, act)[0].said() == "1 2"


def test_an_empty_plan_entry_lets_one_menu_time_out() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Gather numDigits="1" action="/chosen"/><Gather numDigits="1" action="/chosen"/>',
        "/chosen": MENU["/chosen"],
    }

    async def act(call: Call) -> None:
        call.plan_to_press(["", "9"])

    call, _ = the_call(pages, act)
    assert call.said() == "You chose 9."
    assert call.answered_seconds >= 6


def test_pressing_a_key_on_a_call_that_ends_is_refused_with_its_state() -> None:
    with pytest.raises(CallIsOver, match="completed"):
        the_call("<Say>Bye.</Say>", lambda call: call.press("1"))


def test_a_message_is_recorded_until_the_caller_falls_silent() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Record action="/recorded" maxLength="60" timeout="4"/>',
        "/recorded": "<Say>Thank you.</Say>",
    }

    async def act(call: Call) -> None:
        call.plan_to_speak(20)

    call, service = the_call(pages, act)
    facts = service.asked_for("/recorded")[0]
    assert (facts["RecordingDuration"], facts["Digits"]) == ("20", "")
    assert facts["RecordingUrl"].startswith("https://api.twilio.com/")
    assert any(isinstance(event, Recorded) for event in call.heard)


def test_a_caller_who_says_nothing_falls_through_the_record() -> None:
    async def act(call: Call) -> None:
        call.plan_to_speak(0)

    call, service = the_call('<Record action="/recorded"/><Say>No message.</Say>', act)
    assert (call.said(), service.asked_for("/recorded")) == ("No message.", [])


def test_hanging_up_while_recording_still_delivers_the_recording() -> None:
    _, service = the_call('<Record action="/recorded"/>', lambda call: call.hang_up_after(3))
    facts = service.asked_for("/recorded")[0]
    assert (facts["Digits"], facts["RecordingDuration"], facts["CallStatus"]) == ("hangup", "3", "completed")


@pytest.mark.parametrize("seconds", [0, 0.2, 1.0, 2.5, 9.9, 28.0])
def test_the_caller_can_hang_up_at_any_moment(seconds: float) -> None:
    document = (
        '<Say>Hello there!!!</Say><Gather timeout="3"><Pause length="2"/></Gather><Play>/m.wav</Play>'
        '<Record timeout="3" action="/recorded"/>'
    )
    pages: dict[str, Page] = {"/twilio/voice": document, "/m.wav": wav(5), "/recorded": "<Pause length='60'/>"}
    call, service = the_call(pages, lambda call: call.hang_up_after(seconds))
    assert call.heard[-1] == HungUp("caller")
    assert call.age == pytest.approx(seconds)
    assert [params["CallStatus"] for params in service.asked_for("/twilio/status")] == [call.state]


def test_half_an_hour_of_hold_loop_takes_less_than_a_second() -> None:
    def hold(params: dict[str, str]) -> str:
        minute = int(params.get("n", "0"))
        return f"<Play>/music.wav</Play><Say>Please hold.</Say><Redirect>/twilio/voice?n={minute + 1}</Redirect>"

    began = time.perf_counter()
    call, service = the_call({"/twilio/voice": hold, "/music.wav": wav(30)}, lambda call: call.hang_up_after(1800))
    assert time.perf_counter() - began < 1
    assert call.errors == []
    assert len(call.documents) == len(service.asked_for("/twilio/voice")) == 59
    assert (call.answered_seconds, call.legs) == (1800, [])


def test_a_call_ends_after_four_hours_at_the_latest() -> None:
    call, _ = the_call("<Say>Hi.</Say><Pause length='3600'/><Redirect>/twilio/voice</Redirect>")
    assert call.heard[-1] == HungUp("limit")
    assert call.answered_seconds == pytest.approx(4 * 3600)


def test_time_stands_still_while_the_test_looks_around() -> None:
    service = Service({"/twilio/voice": '<Pause length="1"/><Say>Hello there!!!</Say><Pause length="100"/>'})

    async def whole() -> None:
        async with company_for(service) as company:
            call = await company.place_call(VERA, "+33155512345")
            await company.settle()
            assert len(service.asked) == 1
            assert call.state == "ringing"
            assert call.age == 0
            await call.hears(Said)
            at = call.age
            await company.settle()
            assert (call.age, at) == (1, 1)
            await company.let_pass(10)
            assert call.age == 11
            assert call.heard[-1] == Silence()

    run(whole())


def test_cookies_are_kept_for_the_call() -> None:
    def voice(_: dict[str, str]) -> Response:
        answer = Response("<Response><Redirect>/next</Redirect></Response>", media_type="text/xml")
        answer.set_cookie("step", "one", secure=True)
        return answer

    _, service = the_call({"/twilio/voice": voice, "/next": "<Hangup/>"})
    assert service.requests[1].cookies == {"step": "one"}
