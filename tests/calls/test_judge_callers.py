"""One click on a call: blocked, a VIP, let through again; live at once, and taken back with another click."""

import re
from typing import Any

import httpx
import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
HTMX = {"HX-Request": "true"}
WHY = {"reason": "Shouts at everybody"}


async def called(office: Office, caller: str = cast.UMA, **parameters: str) -> str:
    """A call that was decided and stored; its id."""
    call_id = f"CA{abs(hash((caller, office.clock.now()))):032x}"[:34]
    await office.webhook("/twilio/voice", caller, CallSid=call_id, **parameters)
    await office.clock.sleep(1)
    await office.settled()
    return call_id


async def is_received_as(office: Office, caller: str) -> str:
    explained = await office.api.post(f"{API}/explain", json={"from": caller, "to": cast.LINE})
    return str(explained.json()["reason"]["code"])


def entry_in(fragment: httpx.Response) -> dict[str, str]:
    found = re.search(r'name="entry" value="([^"]+)"', fragment.text)
    assert found, fragment.text
    return {"entry": found[1]}


async def trail(office: Office) -> list[tuple[str, str]]:
    items = (await office.api.get(f"{API}/audit")).json()["items"]
    return [(one["act"], one["actor"]) for one in items if one["subject"].endswith("_entry")]


async def test_an_operator_blocks_the_caller_and_takes_it_back(office: Office) -> None:
    call = await called(office, CallerName="UMA LOPEZ")
    async with signed_in(office, Role.OPERATOR) as olga:
        blocked = await olga.post(f"/calls/{call}/block", data=WHY, headers=HTMX)
        assert "UMA LOPEZ is now blacklisted." in blocked.text
        assert await is_received_as(office, cast.UMA) == "blacklisted"
        undone = await olga.post(f"/calls/{call}/block/undo", data=entry_in(blocked), headers=HTMX)
    assert "Undone: UMA LOPEZ is no longer blacklisted." in undone.text
    assert await is_received_as(office, cast.UMA) == "default"
    olga_said = "user:operator@people.example"
    acts = [f"{act} from call {call}" for act in ("delete", "add")]
    assert await trail(office) == [(act, olga_said) for act in acts]


async def test_a_block_needs_a_reason(office: Office) -> None:
    call = await called(office)
    async with signed_in(office, Role.OPERATOR) as olga:
        for reason in ({}, {"reason": "  "}):
            status, _, field = fault(await olga.post(f"/calls/{call}/block", data=reason, headers=HTMX))
            assert (status, field) == (422, "reason")
    assert await is_received_as(office, cast.UMA) == "default"


async def test_a_block_is_seen_and_taken_back_on_card_row_client_and_log(office: Office) -> None:
    client = await office.add_client(cast.UMA, "Uma Lopez")
    first, second = await called(office), await called(office)
    async with signed_in(office, Role.OPERATOR) as olga, signed_in(office, Role.SUPERVISOR) as sofia:
        await olga.post(f"/calls/{first}/block", data=WHY, headers=HTMX)
        await office.settled()
        for path in ("/", "/calls", f"/calls/{second}", f"/clients/{client['id']}"):
            for person in (olga, sofia):
                shown = (await person.get(path)).text
                assert "Blocked by operator@people.example" in shown, path
                assert "Shouts at everybody" in shown, path
        card = (await olga.get("/events/state")).json()["cards"][0]["html"]
        assert "Undo the block" in card
        assert "Block…" not in card, "it is not offered again"
        entry = entry_in(await olga.get("/"))
        drawn = await olga.post(f"/calls/{second}/block/undo", data=entry | {"place": "card"}, headers=HTMX)
        assert drawn.text.startswith("<article")
        assert "Block…" in drawn.text
        for path in ("/", "/calls", f"/clients/{client['id']}"):
            assert "Blocked by" not in (await olga.get(path)).text, path
    assert await is_received_as(office, cast.UMA) == "default"


async def test_what_somebody_else_blocked_is_seen_with_its_reason_but_not_undone_by_operators(office: Office) -> None:
    client = await office.add_client(cast.UMA, "Uma Lopez")
    call = await called(office)
    async with signed_in(office, Role.OPERATOR) as olga, signed_in(office, Role.SUPERVISOR) as sofia:
        answer = await sofia.post("/block", data={"number": cast.UMA, "reason": "Threats"})
        assert answer.status_code == 303
        entry = answer.headers["Location"].split("/")[-1].partition("?")[0]
        for path in ("/calls", f"/clients/{client['id']}"):
            shown = (await olga.get(path)).text
            assert "Threats" in shown, path
            assert "Undo the block" not in shown, path
        for path in (f"/block/{entry}/undo", f"/calls/{call}/block/undo"):
            assert (await olga.post(path, data={"entry": entry})).status_code == 403
        assert (await olga.post("/block", data={"number": cast.CLARA})).status_code == 422, "without a reason"
        assert (await sofia.post(f"/block/{entry}/undo", data={"back": "/calls"})).headers["Location"] == "/calls"
    assert await is_received_as(office, cast.UMA) == "default"


async def test_the_entry_tells_who_and_from_which_call(office: Office) -> None:
    await office.add_client(cast.UMA, "Uma Lopez")
    call = await called(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        await sofia.post(f"/calls/{call}/vip", headers=HTMX)
    entry = (await office.api.get(f"{API}/vip", params={"number": cast.UMA})).json()["items"][0]
    assert (entry["label"], entry["reason"]) == ("Uma Lopez", "From the call of 24 Jul 2026, 10:00")
    assert await is_received_as(office, cast.UMA) == "vip"


@pytest.mark.parametrize("path", ["vip", "vip/undo", "allow", "allow/undo"])
async def test_only_supervisors_make_vips_and_let_blocked_callers_through(office: Office, path: str) -> None:
    call = await called(office)
    async with signed_in(office, Role.OPERATOR) as olga:
        assert fault(await olga.post(f"/calls/{call}/{path}", data={"entry": "x"}))[:2] == (403, "not-allowed")


async def test_an_operator_takes_back_only_what_is_their_own(office: Office) -> None:
    call = await called(office)
    other = await office.add_blacklisted()
    async with signed_in(office, Role.SUPERVISOR) as sofia, signed_in(office, Role.OPERATOR) as olga:
        blocked = await sofia.post(f"/calls/{call}/block", data=WHY, headers=HTMX)
        refused = await olga.post(f"/calls/{call}/block/undo", data=entry_in(blocked))
        assert fault(refused)[:2] == (403, "not-allowed")
        foreign = await olga.post(f"/calls/{call}/block/undo", data={"entry": other["id"]})
        assert fault(foreign)[:2] == (404, "not-found")
    assert await is_received_as(office, cast.UMA) == "blacklisted"
    assert await is_received_as(office, cast.BORIS) == "blacklisted"


async def test_what_stands_in_the_way_is_told_in_plain_words(office: Office) -> None:
    await office.add_vip()
    await office.add_operator()
    await office.add_client(cast.CLARA, "Clara", standing="vip")
    told: dict[str, str] = {}
    async with signed_in(office, Role.OPERATOR) as olga:
        for caller in (cast.VERA, cast.OLGA, cast.CLARA, "anonymous"):
            answer = await olga.post(f"/calls/{await called(office, caller)}/block", data=WHY, headers=HTMX)
            assert answer.status_code == 200
            assert "refused" in answer.text
            told[caller] = answer.text
    assert "+33 6 39 98 00 01 “Vera” is already on the VIP list" in told[cast.VERA]
    assert "cannot be blocked: it is the number of the operator Olga" in told[cast.OLGA]
    assert "the client Clara, who is a VIP" in told[cast.CLARA]
    assert "had no number" in told["anonymous"]
    assert "/lists/" not in "".join(told.values()), "operators are not led to pages that they may not see"
    assert await trail(office) == [("add", "test")]


async def test_a_blocked_caller_is_let_through_again_and_blocked_as_before(office: Office) -> None:
    entry = await office.add_blacklisted(reason="Threats", treatment="busy", created_by="user:sofia")
    call = await called(office, cast.BORIS)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        let_through = await sofia.post(f"/calls/{call}/allow", headers=HTMX)
        assert "Boris was removed from the blacklist." in let_through.text
        assert await is_received_as(office, cast.BORIS) == "default"
        undone = await sofia.post(f"/calls/{call}/allow/undo", data=entry_in(let_through), headers=HTMX)
        assert "Undone: Boris is blacklisted again." in undone.text
        again = await sofia.post(f"/calls/{call}/allow/undo", data={"entry": entry["id"]}, headers=HTMX)
        assert "already on its list" in again.text
    back = (await office.api.get(f"{API}/blacklist/{entry['id']}")).json()
    assert {key: back[key] for key in ("id", "label", "reason", "treatment", "created_by")} == {
        key: entry[key] for key in ("id", "label", "reason", "treatment", "created_by")
    }
    assert await is_received_as(office, cast.BORIS) == "blacklisted"


async def test_inside_a_wider_entry_a_caller_becomes_an_exception_and_the_entry_stays(office: Office) -> None:
    await office.add_blacklisted("+3363998", match="prefix", label="village")
    call = await called(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        let_through = await sofia.post(f"/calls/{call}/allow", headers=HTMX)
        assert "is now an exception and gets through" in let_through.text
        assert await is_received_as(office, cast.UMA) == "default"
        assert await is_received_as(office, cast.BORIS) == "blacklisted"
        undone = await sofia.post(f"/calls/{call}/allow/undo", data=entry_in(let_through), headers=HTMX)
        assert "is blacklisted again" in undone.text
        assert await is_received_as(office, cast.UMA) == "blacklisted"


async def test_who_is_blocked_twice_gets_through_at_the_first_click(office: Office) -> None:
    await office.add_blacklisted("+3363998", match="prefix", label="village")
    entry = await office.add_blacklisted(cast.BORIS, reason="Threats", treatment="busy")
    call = await called(office, cast.BORIS)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        let_through = await sofia.post(f"/calls/{call}/allow", headers=HTMX)
        assert "Boris is now an exception and gets through" in let_through.text
        assert await is_received_as(office, cast.BORIS) == "default"
        undone = await sofia.post(f"/calls/{call}/allow/undo", data=entry_in(let_through), headers=HTMX)
        assert "Boris is blacklisted again" in undone.text
    back = (await office.api.get(f"{API}/blacklist/{entry['id']}")).json()
    assert (back["reason"], back["treatment"]) == ("Threats", "busy")
    assert await is_received_as(office, cast.BORIS) == "blacklisted"


async def test_an_exception_can_be_blocked_from_a_later_call(office: Office) -> None:
    await office.add_blacklisted(cast.UMA, label="", treatment="allow")
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        await sofia.post(f"/calls/{await called(office)}/block", data=WHY, headers=HTMX)
    assert await is_received_as(office, cast.UMA) == "blacklisted"


async def test_no_exception_is_made_of_a_client_who_is_blacklisted_or_of_nobody(office: Office) -> None:
    await office.add_client(cast.BORIS, "Boris", standing="blacklisted")
    await office.add_blacklisted("+3363998", match="prefix", label="village")
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        answer = await sofia.post(f"/calls/{await called(office, cast.BORIS)}/allow", headers=HTMX)
        assert "who is blacklisted" in answer.text
        answer = await sofia.post(f"/calls/{await called(office, '+33145123456')}/allow", headers=HTMX)
        assert "is not on the blacklist itself" in answer.text
    assert await is_received_as(office, cast.BORIS) == "blacklisted"


async def test_without_a_script_one_is_led_back_to_the_call(office: Office) -> None:
    call = await called(office)
    async with signed_in(office, Role.OPERATOR) as olga:
        back = await olga.post(f"/calls/{call}/block", data=WHY, headers={"Accept": "text/html"})
        assert (back.status_code, back.headers["Location"]) == (303, f"/calls/{call}")
        where = {"Accept": "text/html", "Referer": f"{cast.BASE_URL}/calls?missed=1"}
        again = await olga.post(f"/calls/{await called(office, cast.CLARA)}/block", data=WHY, headers=where)
        assert again.headers["Location"] == "/calls?missed=1"
        refused = await olga.post(f"/calls/{call}/block", data=WHY, headers=where)
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "text/html; charset=utf-8")


@pytest.mark.parametrize("body", [None, {}, {"label": "Uma", "reason": "Rude", "treatment": "busy"}])
async def test_programs_block_a_caller_too(office: Office, body: dict[str, Any] | None) -> None:
    call = await called(office, CallerName="UMA")
    answer = await office.api.post(f"{API}/calls/{call}/block", json=body)
    assert answer.status_code == 201
    entry = answer.json()
    assert answer.headers["Location"] == f"{API}/blacklist/{entry['id']}"
    expected = ("Uma", "Rude", "busy") if body else ("UMA", "From the call of 24 Jul 2026, 10:00", None)
    assert (entry["label"], entry["reason"], entry["treatment"]) == expected
    assert fault(await office.api.post(f"{API}/calls/{call}/vip", json={}))[:2] == (409, "listed-as-blacklisted")
    assert fault(await office.api.post(f"{API}/calls/{'CA' + 'f' * 32}/vip"))[:2] == (404, "not-found")
    async with signed_in(office, Role.OPERATOR) as olga:
        assert fault(await olga.post(f"{API}/calls/{call}/vip"))[:2] == (403, "not-allowed")


async def test_a_retry_with_its_key_blocks_once(office: Office) -> None:
    call = await called(office)
    answers = [
        await office.api.post(f"{API}/calls/{call}/block", headers={"Idempotency-Key": "once"}) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert [one.status_code for one in answers] == [201, 201]
