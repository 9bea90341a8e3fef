"""Dial: numbers, clients and SIP addresses, at once or one after another, whispers and status callbacks."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from simulator import Call, ConnectedTo, Dialled, HungUp, PhoneCompany, Ringing
from tests.simulator.a_service import ACCOUNT, BORIS, LINE, VERA, Page, Service, company_for, run

OLGA = "client:olga"
MANAGER = "+33611111111"
DESK = "sip:desk@pbx.example.org"


def dialled(
    document: str, pages: dict[str, Page] | None = None, caller: str = VERA, **phones: object
) -> tuple[Call, Service]:
    """A call to a document that dials; `set_up` in phones prepares the company, `act` plays the caller."""
    service = Service({"/twilio/voice": document, **(pages or {})})
    options = phones.get("options", {})
    assert isinstance(options, dict)

    async def whole() -> Call:
        async with company_for(service, **options) as company:
            if callable(set_up := phones.get("set_up")):
                set_up(company)
            call = await company.place_call(caller, LINE)
            if callable(act := phones.get("act")):
                await act(call)
            return await call.ended()

    return run(whole()), service


def test_an_answered_dial_connects_and_reports_to_its_action() -> None:
    def phones(company: PhoneCompany) -> None:
        company.phone(OLGA).answers_after(4).talks_for(90)

    call, service = dialled(
        '<Dial action="/after" timeout="20"><Client>olga</Client></Dial><Say>Unreachable.</Say>',
        {"/after": "<Say>Goodbye.</Say>"},
        set_up=phones,
    )
    facts = service.asked_for("/after")[0]
    assert {key: facts[key] for key in ("DialCallStatus", "DialCallDuration", "DialBridged", "DialCallSid")} == {
        "DialCallStatus": "completed",
        "DialCallDuration": "90",
        "DialBridged": "true",
        "DialCallSid": call.legs[0].sid,
    }
    assert call.connected_to == OLGA
    assert call.heard[2:4] == [Dialled(OLGA, "answered"), ConnectedTo(OLGA)]
    assert call.said() == "Goodbye."
    assert [event.seconds for event in call.heard if isinstance(event, Ringing)] == [0, 4]


def test_without_action_the_next_verb_follows() -> None:
    call, _ = dialled(f'<Dial timeout="10">{MANAGER}</Dial><Say>Nobody there.</Say>')
    assert call.said() == "Nobody there."
    assert Dialled(MANAGER, "no-answer") in call.heard
    assert call.connected_to is None


@pytest.mark.parametrize(
    ("behave", "status"),
    [("busy", "busy"), ("fails", "failed"), ("never_answers", "no-answer")],
)
def test_the_action_learns_why_nobody_was_reached(behave: str, status: str) -> None:
    _, service = dialled(
        f'<Dial action="/after"><Number>{MANAGER}</Number></Dial>',
        {"/after": "<Hangup/>"},
        set_up=lambda company: getattr(company.phone(MANAGER), behave)(),
    )
    facts = service.asked_for("/after")[0]
    assert (facts["DialCallStatus"], facts["DialBridged"], "DialCallDuration" in facts) == (status, "false", False)


def test_parallel_parties_ring_at_once_and_the_first_answer_wins() -> None:
    def phones(company: PhoneCompany) -> None:
        company.phone(MANAGER).answers_after(9)
        company.phone(OLGA).answers_after(5).talks_for(10)
        company.phone(DESK).busy()

    call, _ = dialled(f"<Dial><Number>{MANAGER}</Number><Client>olga</Client><Sip>{DESK}</Sip></Dial>", set_up=phones)
    assert call.connected_to == OLGA
    assert {leg.party.address: leg.state for leg in call.legs} == {
        MANAGER: "canceled",
        OLGA: "completed",
        DESK: "busy",
    }
    assert call.answered_seconds == 15


def test_sequential_parties_ring_one_after_another_each_with_the_timeout() -> None:
    def phones(company: PhoneCompany) -> None:
        company.phone(OLGA).answers_after(5).talks_for(10)

    call, _ = dialled(
        f'<Dial sequential="true" timeout="12"><Number>{MANAGER}</Number><Client>olga</Client></Dial>', set_up=phones
    )
    assert [leg.began for leg in call.legs] == [0, 12]
    assert call.connected_to == OLGA


def test_answer_on_bridge_keeps_the_caller_ringing_unbilled() -> None:
    call, service = dialled(f'<Dial answerOnBridge="true" timeout="25">{MANAGER}</Dial>')
    assert (call.state, call.billed) == ("no-answer", False)
    assert next(event for event in call.heard if isinstance(event, Ringing)).seconds == 25
    assert service.asked_for("/twilio/status")[0]["CallDuration"] == "0"


def test_answer_on_bridge_answers_when_the_party_does() -> None:
    call, service = dialled(
        f'<Dial answerOnBridge="true" action="/after">{MANAGER}</Dial>',
        {"/after": "<Hangup/>"},
        set_up=lambda company: company.phone(MANAGER).answers_after(7).talks_for(30),
    )
    assert (call.answered_at, call.answered_seconds) == (7, 30)
    assert service.asked_for("/after")[0]["CallStatus"] == "in-progress"


def test_a_party_in_a_call_is_engaged_for_the_next() -> None:
    service = Service({"/twilio/voice": "<Dial><Client>olga</Client></Dial>"})

    async def whole() -> tuple[Call, Call]:
        async with company_for(service) as company:
            company.phone(OLGA).answers_after(2).talks_for(60)
            first = await company.place_call(VERA, LINE)
            await company.let_pass(10)
            second = await company.place_call(BORIS, LINE)
            return await first.ended(), await second.ended()

    first, second = run(whole())
    assert (first.connected_to, second.connected_to) == (OLGA, None)
    assert Dialled(OLGA, "busy") in second.heard


def test_the_caller_hangs_up_while_it_rings() -> None:
    call, service = dialled(
        '<Dial action="/after"><Client>olga</Client></Dial>', act=lambda call: call.hang_up_after(6)
    )
    assert call.legs[0].state == "canceled"
    assert service.asked_for("/after")[0]["DialCallStatus"] == "canceled"
    assert [document.leg for document in call.documents] == ["caller"]  # the action answered 404
    assert call.errors[0].code == 11217
    assert call.heard[-1] == HungUp("caller")


def test_the_caller_hangs_up_while_talking() -> None:
    call, service = dialled(
        '<Dial action="/after"><Client>olga</Client></Dial>',
        {"/after": "<Say>To nobody.</Say>"},
        set_up=lambda company: company.phone(OLGA).answers_after(1).talks_for(600),
        act=lambda call: call.hang_up_after(61),
    )
    facts = service.asked_for("/after")[0]
    assert (facts["DialCallStatus"], facts["DialCallDuration"], facts["CallStatus"]) == ("completed", "60", "completed")
    assert call.documents[-1].leg == "after"
    assert call.said() == ""
    assert call.legs[0].answered_seconds == 60


def test_time_limit_ends_the_conversation_but_not_the_call() -> None:
    call, _ = dialled(
        '<Dial timeLimit="45"><Client>olga</Client></Dial><Say>Time is up.</Say>',
        set_up=lambda company: company.phone(OLGA).answers_after(1).talks_for(600),
    )
    assert call.said() == "Time is up."
    assert call.legs[0].answered_seconds == 45


def test_star_hangs_up_on_the_party_where_that_is_allowed() -> None:
    async def act(call: Call) -> None:
        await call.hears(ConnectedTo)
        await call.press("5*")

    call, _ = dialled(
        '<Dial hangupOnStar="true"><Client>olga</Client></Dial><Say>Back again.</Say>',
        set_up=lambda company: company.phone(OLGA).answers_after(1).talks_for(600),
        act=act,
    )
    assert call.said() == "Back again."


WHISPER: dict[str, Page] = {
    "/whisper": (
        '<Gather numDigits="1" action="/accepted" timeout="5"><Say>A VIP is calling. Press one.</Say></Gather><Hangup/>'
    ),
    "/accepted": "",
    "/after": "<Say>After.</Say>",
}
CONFIRMED = f'<Dial action="/after" timeout="20"><Number url="/whisper">{MANAGER}</Number></Dial>'


def test_a_whisper_confirmed_with_a_key_connects() -> None:
    call, service = dialled(
        CONFIRMED,
        WHISPER,
        set_up=lambda company: company.phone(MANAGER).answers_after(3).presses("1").talks_for(20),
    )
    assert call.connected_to == MANAGER
    asked = service.asked_for("/whisper")[0]
    assert (asked["CallSid"], asked["ParentCallSid"]) == (call.legs[0].sid, call.sid)
    assert (asked["Direction"], asked["CallStatus"], asked["To"]) == ("outbound-dial", "in-progress", MANAGER)
    assert service.asked_for("/accepted")[0]["Digits"] == "1"
    assert [document.leg for document in call.legs[0].documents] == ["callee", "callee"]
    assert call.said() == "After."  # the whisper is heard by the manager only


def test_an_answering_machine_confirms_nothing_and_never_gets_the_caller() -> None:
    call, service = dialled(
        CONFIRMED, WHISPER, set_up=lambda company: company.phone(MANAGER).voicemail_answers_after(3)
    )
    assert call.connected_to is None
    facts = service.asked_for("/after")[0]
    assert (facts["DialCallStatus"], facts["DialBridged"]) == ("completed", "false")


@pytest.mark.parametrize(("rule", "winner"), [("answer", None), ("acceptance", OLGA)])
def test_the_other_parties_ring_on_until_one_has_answered_or_accepted(rule: str, winner: str | None) -> None:
    def phones(company: PhoneCompany) -> None:
        company.phone(MANAGER).voicemail_answers_after(3)
        company.phone(OLGA).answers_after(10).talks_for(5)

    call, _ = dialled(
        f'<Dial><Number url="/whisper">{MANAGER}</Number><Client>olga</Client></Dial>',
        WHISPER,
        set_up=phones,
        options={"others_ring_until": rule},
    )
    assert call.connected_to == winner


def test_a_dial_in_a_whisper_is_an_error_on_the_partys_side() -> None:
    call, _ = dialled(
        CONFIRMED,
        {**WHISPER, "/whisper": "<Dial>+33622222222</Dial>"},
        set_up=lambda company: company.phone(MANAGER).answers_after(3),
    )
    assert [error.code for error in call.errors] == [13201]
    assert call.connected_to is None


def test_status_callbacks_of_a_party_come_in_order_with_its_own_sid() -> None:
    events = "initiated ringing answered completed"
    call, service = dialled(
        f'<Dial><Client statusCallback="/leg" statusCallbackEvent="{events}">olga</Client></Dial>',
        {"/leg": ""},
        set_up=lambda company: company.phone(OLGA).answers_after(4).talks_for(61),
    )
    asked = service.asked_for("/leg")
    assert [facts["CallStatus"] for facts in asked] == ["initiated", "ringing", "in-progress", "completed"]
    assert [facts["SequenceNumber"] for facts in asked] == ["0", "1", "2", "3"]
    assert {facts["CallSid"] for facts in asked} == {call.legs[0].sid}
    assert {facts["ParentCallSid"] for facts in asked} == {call.sid}
    assert {facts["CallbackSource"] for facts in asked} == {"call-progress-events"}
    assert asked[-1]["CallDuration"] == "61"
    assert "CallDuration" not in asked[0]
    answered = parsedate_to_datetime(asked[2]["Timestamp"])
    assert (answered.hour, answered.minute, answered.second) == (10, 0, 4)
    assert asked[0]["AccountSid"] == ACCOUNT


def test_the_default_status_callback_is_completed_alone() -> None:
    _, service = dialled(f'<Dial timeout="5"><Number statusCallback="/leg">{MANAGER}</Number></Dial>', {"/leg": ""})
    assert [facts["CallStatus"] for facts in service.asked_for("/leg")] == ["no-answer"]


@pytest.mark.parametrize("caller", ["anonymous", "", "client:web-visitor", "sip:uma@example.com"])
def test_an_unusable_caller_id_needs_a_replacement_towards_a_number(caller: str) -> None:
    wrong, _ = dialled(f"<Dial>{MANAGER}</Dial>", caller=caller)
    assert next(error.code for error in wrong.errors) == 13214
    right, _ = dialled(f'<Dial callerId="{LINE}" timeout="5">{MANAGER}</Dial>', caller=caller)
    assert (right.errors, right.legs[0].caller) == ([], LINE)
    to_client, _ = dialled('<Dial timeout="5"><Client>olga</Client></Dial>', caller=caller)
    assert (to_client.errors, to_client.legs[0].caller) == ([], caller)


def test_only_known_numbers_can_be_shown_as_caller_id() -> None:
    options = {"caller_ids": {"+33100000000"}}
    for number, code in (("+33100000000", []), (VERA, []), (LINE, []), ("+33187654321", [13214])):
        call, _ = dialled(f'<Dial callerId="{number}" timeout="5">{MANAGER}</Dial>', options=options)
        assert [error.code for error in call.errors][:1] == code, number


def test_without_other_numbers_only_the_calls_own_two_are_shown_and_exactly_as_they_came() -> None:
    shown, _ = dialled(f'<Dial callerId="0639981001" timeout="5">{MANAGER}</Dial>', caller="0639981001")
    assert (shown.errors, shown.legs[0].caller) == ([], "0639981001")
    for sent, number in (("0639981001", "+33639981001"), ("+5215512345678", "+525512345678"), (VERA, "+33187654321")):
        call, _ = dialled(f'<Dial callerId="{number}" timeout="5">{MANAGER}</Dial>', caller=sent)
        assert [error.code for error in call.errors][:1] == [13214], number


def test_client_parameters_and_sip_headers_are_accepted() -> None:
    call, _ = dialled(
        '<Dial timeout="5"><Client><Identity>olga</Identity><Parameter name="card" value="x1"/></Client>'
        f"<Sip>{DESK};transport=tls?x-client-id=42</Sip></Dial>",
        set_up=lambda company: company.phone(DESK).answers_after(1).talks_for(3),
    )
    assert call.errors == []
    assert call.connected_to == f"{DESK};transport=tls?x-client-id=42"
