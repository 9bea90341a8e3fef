"""Whoever calls is known by number, by address or not at all, however the network writes it, in the answer and the log."""

import pytest

from tests import cast
from tests.api import API
from tests.office import Office

pytestmark = pytest.mark.anyio

ODD = [
    "sip:{}@host", "<sip:{}@host;user=phone>", "{}#", "\u202a{}\u202c", "sip:0639980002@host;user=phone", "tel:{};isub=1",
    "00033639980002", "+033639980002", "\u0660\u0666\u0663\u0669\u0669\u0668\u0660\u0660\u0660\u0662",
]  # fmt: skip


async def decided(office: Office, caller: str, **parameters: str) -> dict[str, object]:
    call_id = f"CA{abs(hash((caller, office.clock.now()))):032x}"[:34]
    await office.webhook("/twilio/voice", caller, CallSid=call_id, **parameters)
    await office.clock.sleep(1)
    await office.settled()
    call: dict[str, object] = (await office.api.get(f"{API}/calls/{call_id}")).json()
    return call


def reason(call: dict[str, object]) -> str:
    return str(call["reason"]["code"])  # type: ignore[index]


@pytest.mark.parametrize("spelled", ODD)
async def test_boris_is_blacklisted_however_his_number_is_spelled(office: Office, spelled: str) -> None:
    await office.add_blacklisted()
    call = await decided(office, spelled.format(cast.BORIS))
    assert (reason(call), call["action"]) == ("blacklisted", "fake_queue")


@pytest.mark.parametrize("spelled", [one for one in ODD if "{}" in one])
async def test_an_odd_spelling_of_veras_number_is_never_more_than_unconfirmed(office: Office, spelled: str) -> None:
    await office.add_vip()
    await office.add_manager()
    assert reason(await decided(office, spelled.format(cast.VERA))) == "vip_unconfirmed"
    assert reason(await decided(office, cast.VERA)) == "vip"
    assert reason(await decided(office, f"tel:{cast.VERA}")) == "vip"


async def test_a_client_who_calls_by_sip_is_known_and_has_a_history(office: Office) -> None:
    clara = await office.add_client()
    call = await decided(office, f"sip:{cast.CLARA}@carrier.example;user=phone")
    assert call["client_id"] == clara["id"]
    assert call["caller"] == {
        "kind": "sip", "number": cast.CLARA, "name": "", "address": f"{cast.CLARA}@carrier.example",
    }  # fmt: skip


async def test_every_caller_with_an_identity_has_an_address_in_the_log(office: Office) -> None:
    for sent, kind, address in (
        (cast.UMA, "number", cast.UMA), ("sip:1001@pbx.example", "sip", "1001@pbx.example"),
        ("client:oscar", "client", "oscar"),
        ("0150", "short_code", "0150"), ("003162073523199999915", "number", "+3162073523199999915"),
        ("+112", "unreadable", "+112"), ("anonymous", "withheld", ""), ("Unknown Caller", "unavailable", ""),
    ):  # fmt: skip
        call = await decided(office, sent)
        assert isinstance(call["caller"], dict)
        assert (call["caller"]["kind"], call["caller"]["address"]) == (kind, address), sent
    for q in ("1001@pbx", "0150", "31620735231999", "oscar"):
        found = (await office.api.get(f"{API}/calls", params={"q": q})).json()["items"]
        assert len(found) == 1, q


async def test_attestation_and_forwarding_are_in_the_log(office: Office) -> None:
    call = await decided(office, cast.UMA, StirVerstat="TN-Validation-Passed-B", ForwardedFrom="+33199009999")
    assert (call["attestation"], call["forwarded_from"]) == ("B", "+33199009999")
    plain = await decided(office, cast.UMA)
    assert (plain["attestation"], plain["forwarded_from"]) == ("none", None)


@pytest.mark.parametrize("sent", ["003162073523199999915", "0150", "5550123"])
async def test_digits_that_are_no_number_can_be_blocked_from_the_call(office: Office, sent: str) -> None:
    first = await decided(office, sent)
    assert reason(first) != "blacklisted"
    answer = await office.api.post(f"{API}/calls/{first['id']}/block", json={})
    assert answer.status_code == 201, answer.text
    assert reason(await decided(office, sent)) == "blacklisted"


async def test_a_prefix_blocks_callers_with_more_digits_than_e164_has(office: Office) -> None:
    answer = await office.api.post(f"{API}/blacklist", json={"number": "+3162073523", "match": "prefix"})
    assert answer.status_code == 201, answer.text
    assert reason(await decided(office, "003162073523199999915")) == "blacklisted"


async def test_short_codes_are_blocked_but_never_emergency_services(office: Office) -> None:
    assert (await office.api.post(f"{API}/blacklist", json={"number": "0150"})).status_code == 201
    assert (await office.api.post(f"{API}/blacklist", json={"number": "112"})).status_code == 422
    assert (await office.api.post(f"{API}/vip", json={"number": "0150"})).status_code == 422
    assert reason(await decided(office, "0150")) == "blacklisted"
    assert reason(await decided(office, "112")) == "protected"


async def test_an_exception_inside_a_block_is_received_like_everybody_else(office: Office) -> None:
    await office.add_blacklisted("+33639", match="prefix")
    assert reason(await decided(office, cast.UMA)) == "blacklisted"
    answer = await office.api.post(f"{API}/blacklist", json={"number": cast.UMA, "treatment": "allow"})
    assert (answer.status_code, answer.json()["treatment"]) == (201, "allow")
    assert reason(await decided(office, cast.UMA)) in ("queue", "default")
    assert reason(await decided(office, cast.BORIS)) == "blacklisted"
    call = await decided(office, cast.UMA)
    trace = (await office.api.get(f"{API}/calls/{call['id']}")).json()["decision"]["trace"]
    assert "exception" in [step["found"] for step in trace]


async def test_allow_is_no_treatment_for_everybody(office: Office) -> None:
    answer = await office.api.patch(f"{API}/company", json={"treatments": {"blacklist": "allow"}})
    assert answer.status_code == 422
    call = await decided(office, cast.UMA)
    assert (await office.api.post(f"{API}/calls/{call['id']}/block", json={"treatment": "allow"})).status_code == 422


async def test_a_callee_sees_the_caller_exactly_as_the_provider_wrote_it(office: Office) -> None:
    await office.add_vip("+525512345678", label="Mexico")
    await office.add_vip("+33639981001", label="National")
    await office.add_manager()
    shown = {"tel:+33639981001": cast.LINE, "+33 6 39 98 10 01": cast.LINE}
    for number, sent in enumerate(("+5215512345678", "0639981001", "+525512345678", *shown)):
        call_id = f"CA{number:032x}"
        answer = await office.webhook("/twilio/voice", sent, CallSid=call_id)
        assert f'callerId="{shown.get(sent, sent)}"' in answer.text, answer.text
        # Nobody rings a manager for two callers.
        await office.webhook("/twilio/status", sent, CallSid=call_id, CallStatus="completed")
