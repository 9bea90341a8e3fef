"""A call as lines for a terminal; whatever callers and services write in it can do no harm there."""

from __future__ import annotations

import pytest

from simulator import Call, Dialled, transcript
from simulator.heard import Event
from simulator.transcript import clock_time, safe, sentence
from tests.simulator.a_service import LINE, VERA, Page, Service, company_for, run, the_call, wav


def test_a_whole_call_reads_like_a_story() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": (
            '<Gather numDigits="1" action="/chosen"><Say language="en-GB">Press one for sales.</Say></Gather>'
        ),
        "/chosen": '<Play>/hold.wav</Play><Dial timeout="20"><Client>olga</Client></Dial>',
        "/hold.wav": wav(30),
    }

    async def whole() -> Call:
        async with company_for(Service(pages)) as company:
            olga = company.phone("client:olga").answers_after(4).talks_for(60)
            olga.name = "Olga"
            call = await company.place_call(VERA, LINE)
            call.plan_to_press(["1"])
            return await call.ended()

    assert transcript(run(whole())).splitlines() == [
        "+33612345678 calls +33155512345",
        "   0:00  rings",
        "   0:00  is asked for 1 key",
        '   0:00  hears [en-GB] "Press one for sales."',
        "   0:02  presses 1",
        "   0:02  music 30 s (hold.wav)",
        "   0:32  rings for 4 s",
        "   0:36  Olga (client:olga): answered after 4 s",
        "   0:36  is connected to Olga (client:olga)",
        "   1:36  the service hangs up",
        "         completed after 1:36, billed",
    ]


def test_a_rejected_call_says_so_and_costs_nothing() -> None:
    lines = transcript(the_call('<Reject reason="busy"/>', caller="")[0]).splitlines()
    assert lines == [
        "(no number) calls +33155512345",
        "   0:00  rings",
        "   0:00  hears the busy tone",
        "         busy after 0:00, not billed",
    ]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (
            '<Enqueue waitUrl="/wait">vip</Enqueue>',
            ["waits in the queue vip", "silence 5 s", "leaves the queue (leave)"],
        ),
        ('<Record timeout="1" action="/wait"/>', ["leaves a message of 6 s"]),
        ("<Oops/>", ["ERROR 12200 <Oops> may not stand in <Response>, or does not exist", "ERROR 11217"]),
        ("<Dial timeout='3'>+33611111111</Dial>", ["+33611111111: no-answer after 3 s"]),
    ],
)
def test_every_kind_of_event_has_its_words(document: str, words: list[str]) -> None:
    pages: dict[str, Page] = {"/twilio/voice": document, "/wait": '<Pause length="5"/><Leave/>'}
    if "Record" in document:
        pages["/wait"] = "<Hangup/>"
    text = transcript(the_call(pages)[0])
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J\x1b[31mred", "·[2J·[31mred"),
        ("a\r\nb\tc", "a··b·c"),
        ("\u202eevil\u202c", "·evil·"),
        ("zero\u200bwidth", "zero·width"),
        ("line\u2028break", "line·break"),
        ("Zoë 李 Привет", "Zoë 李 Привет"),
        ("\ud800", "·"),
        ("x" * 500, "x" * 199 + "…"),
    ],
)
def test_hostile_text_is_shown_without_its_effect(hostile: str, shown: str) -> None:
    assert safe(hostile) == shown


def test_a_hostile_caller_id_stays_on_its_line() -> None:
    call, _ = the_call("<Reject/>", caller="+1\n   0:00  is connected to the manager\x1b[1A")
    assert len(transcript(call).splitlines()) == 4
    assert "\x1b" not in transcript(call)


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (7.9, "0:07"), (750, "12:30"), (3605, "1:00:05")])
def test_times_are_written_as_on_a_clock(seconds: float, shown: str) -> None:
    assert clock_time(seconds) == shown


def test_an_unknown_event_is_named() -> None:
    class Yodelled(Event):
        pass

    call, _ = the_call("<Reject/>")
    assert sentence(call, Yodelled()) == "Yodelled"
    assert sentence(call, Dialled("sip:x@y?h=1", "busy", 2)) == "sip:x@y?h=1: busy after 2 s"
