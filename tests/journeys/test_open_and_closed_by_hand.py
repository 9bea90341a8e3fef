"""Somebody opens or closes a line by hand, and its callers notice at once."""

import re
from datetime import timedelta

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, neighbour, signed_in
from tests.journeys.test_nobody_waits_for_nobody import CLOSED, waiting
from tests.office import Office

pytestmark = pytest.mark.anyio


async def say(office: Office, state: str, **fields: object) -> None:
    """What the API is told."""
    path = f"{API}/lines/{office.company.line_id}/by-hand"
    with office.clock.busy():
        answer = await office.api.put(path, json={"state": state} | fields)
    assert answer.status_code == 200, answer.text


async def what_uma_hears(office: Office) -> str:
    return (await office.webhook("/twilio/voice", cast.UMA)).text


async def test_a_line_that_never_closes_is_closed_by_hand_and_opened_again(office: Office) -> None:
    await say(office, "closed")
    assert CLOSED in await what_uma_hears(office)
    told = (await office.api.post(f"{API}/explain", json={"from": cast.UMA, "to": cast.LINE})).json()
    assert told["reason"]["code"] == "closed"
    assert "closed by hand" in " ".join(one["text"] for one in told["trace"])
    await say(office, "by_hours")
    assert "<Enqueue" in await what_uma_hears(office)


async def test_what_is_said_ends_by_itself(office: Office) -> None:
    await office.keep_hours(sunday=["09:00-10:00"])
    until = office.clock.now() + timedelta(minutes=20)
    await say(office, "open", until=until.isoformat())
    assert "<Enqueue" in await what_uma_hears(office)
    await office.phones.let_pass(21 * 60)
    assert CLOSED in await what_uma_hears(office)


async def test_whoever_waits_hears_within_a_minute_that_the_line_was_closed(office: Office) -> None:
    await office.add_operator()
    call = await waiting(office)
    await say(office, "closed")
    await office.phones.let_pass(60)
    assert CLOSED in call.said()
    await call.ended()
    assert call.errors == []


async def test_a_vip_walks_in_all_the_same(office: Office) -> None:
    await office.add_vip()
    await office.add_manager()
    await say(office, "closed")
    assert "<Dial" in (await office.webhook("/twilio/voice", cast.VERA)).text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"state": "closed", "until": "2020-01-01T00:00:00Z"}, "until"), ({"state": "shut"}, "state"),
        ({"state": "closed", "until": "9999-12-31T23:59:59Z"}, "until"),
        ({"state": "by_hours", "until": "2099-01-01T00:00:00Z"}, "until"), ({}, "state"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused(office: Office, body: dict[str, str], field: str) -> None:
    answer = await office.api.put(f"{API}/lines/{office.company.line_id}/by-hand", json=body)
    assert answer.status_code == 422
    assert field in answer.text


async def test_what_is_so_can_be_said_to_stay_so_with_another_end(office: Office) -> None:
    path = f"/lines/{office.company.line_id}/by-hand"
    async with signed_in(office, Role.SUPERVISOR) as sofia:

        async def offered() -> list[str]:
            return re.findall(r'name="state" value="\w+">([^<]+)<', (await sofia.get("/lines")).text)

        assert await offered() == ["Close now"]
        await office.keep_hours(friday=["09:00-10:01"])
        assert await offered() == ["Close now", "Keep open"]
        await sofia.post(path, data={"state": "open", "end": "hour"})
        await office.phones.let_pass(5 * 60)
        assert "<Enqueue" in await what_uma_hears(office)
        await sofia.post(path, data={"state": "closed", "end": "hour"})
        assert await offered() == ["Open now", "Keep closed", "By the hours again"]
        await sofia.post(path, data={"state": "closed", "end": "open_end"})
        assert "closed by hand<" in (await sofia.get("/lines")).text


async def test_supervisors_do_it_by_page_and_operators_do_not(office: Office) -> None:
    page, path = "/lines", f"/lines/{office.company.line_id}/by-hand"
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert "Close now" in (await sofia.get(page)).text
        for end, words in (
            ("hour", "closed by hand until"),
            ("today", "closed by hand until"),
            ("open_end", "closed by hand"),
        ):
            assert (await sofia.post(path, data={"state": "closed", "end": end})).headers["location"] == page
            assert words in (await sofia.get(page)).text
            assert CLOSED in await what_uma_hears(office)
        await sofia.post(path, data={"state": "by_hours"})
        assert "Close now" in (await sofia.get(page)).text
        assert (await sofia.post("/lines/nobody/by-hand", data={"state": "open"})).status_code == 404
        async with neighbour(office) as (_, theirs):
            assert (await sofia.post(f"/lines/{theirs.line_id}/by-hand", data={"state": "open"})).status_code == 404
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get(page)).status_code == 403
        assert (await olga.post(path, data={"state": "closed"})).status_code == 403
    assert "<Enqueue" in await what_uma_hears(office)
