"""Three or less of five: a complaint opens by itself, once for a call."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.auth.roles import Role
from app.matters.counts import counts_by_client
from tests import cast
from tests.api import API, made, signed_in
from tests.callbacks.test_notes import note, talked
from tests.office import Office

pytestmark = pytest.mark.anyio


async def matters(office: Office) -> list[dict[str, Any]]:
    return list((await office.api.get(f"{API}/matters")).json()["items"])


@pytest.mark.parametrize(("mark", "opens"), [(1, True), (3, True), (4, False), (5, False)])
async def test_by_the_mark(office: Office, mark: int, opens: bool) -> None:
    clara = await office.add_client()
    olga, call = await talked(office, cast.CLARA)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        assert (await note(browser, call, outcome="done", satisfaction=mark)).status_code == 204
        found = await matters(office)
        assert len(found) == opens
        if opens:
            (one,) = found
            assert (one["kind"], one["state"], one["satisfaction"]) == ("complaint", "registered", mark)
            assert (one["client_id"], one["call_id"], one["owner_id"]) == (clara["id"], call.sid, None)
            assert f"satisfied: {mark} of 5" in (await browser.get("/matters")).text


async def test_once_for_a_call_however_often_it_is_noted(office: Office) -> None:
    olga, call = await talked(office)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        await asyncio.gather(*(note(browser, call, satisfaction=2) for _ in range(4)))
        await note(browser, call, satisfaction=1)
        (one,) = await matters(office)
        assert one["satisfaction"] == 1
        assert (await office.api.patch(f"{API}/matters/{one['id']}", json={"state": "closed"})).status_code == 200
        for mark in (5, None, 3):
            await note(browser, call, satisfaction=mark)
        assert [(found["id"], found["state"]) for found in await matters(office)] == [(one["id"], "closed")]


@pytest.mark.parametrize("corrected", [4, 5, None])
async def test_a_slip_takes_its_complaint_back(office: Office, corrected: int | None) -> None:
    await office.add_client()
    olga, call = await talked(office, cast.CLARA)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        await note(browser, call, satisfaction=1)
        (one,) = await matters(office)
        assert (await note(browser, call, satisfaction=corrected)).status_code == 204
        assert await matters(office) == []
        trail = (await office.api.get(f"{API}/audit")).json()["items"]
        gone = next(entry for entry in trail if entry["row_id"] == one["id"])
        assert (gone["act"].split()[0], gone["before"]["satisfaction"]) == ("delete", 1)
        await note(browser, call, satisfaction=2)
        assert [found["satisfaction"] for found in await matters(office)] == [2], "it was no slip after all"


@pytest.mark.parametrize("work", [{"text": "Scratched"}, {"state": "examined"}, {"owner_id": "olga"}])
async def test_a_complaint_that_somebody_sees_to_stays_with_the_mark_as_it_is_now(office: Office, work: Any) -> None:
    olga, call = await talked(office)
    if "owner_id" in work:
        work = {"owner_id": olga}
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        await note(browser, call, satisfaction=1)
        (one,) = await matters(office)
        assert (await office.api.patch(f"{API}/matters/{one['id']}", json=work)).status_code == 200
        for mark in (5, None, 2):
            await note(browser, call, satisfaction=mark)
            (found,) = await matters(office)
            # Without a text it is known as opened by a mark; with one it is somebody's own by now.
            assert (found["id"], found["satisfaction"]) == (one["id"], None if work.get("text") and mark == 2 else mark)
            if mark is None and "text" not in work:
                assert "the mark was taken back" in (await browser.get("/matters")).text


async def test_a_complaint_that_somebody_has_opened_already_is_enough(office: Office) -> None:
    olga, call = await talked(office)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        written = await made(office, "matters", text="Scratched", kind="complaint", call_id=call.sid)
        await note(browser, call, satisfaction=1)
    assert [(one["id"], one["satisfaction"]) for one in await matters(office)] == [(written["id"], None)]


async def test_whoever_looks_after_the_client_sees_to_it(office: Office) -> None:
    martin = await office.add_manager()
    await office.add_client(responsible_operator_id=martin["id"])
    olga, call = await talked(office, cast.CLARA)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        await note(browser, call, satisfaction=2)
    (one,) = await matters(office)
    assert one["owner_id"] == martin["id"]


async def test_calls_and_complaints_are_counted_by_client(office: Office) -> None:
    clara, twin = await office.add_client(), await office.add_client("+33639980044", "Martin, Clara")
    olga, call = await talked(office, cast.CLARA)
    second = await office.phones.place_call("+33639980044", cast.LINE)
    await second.hang_up_after(1)
    await office.phones.let_pass(60)
    await office.settled()
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        await note(browser, call, satisfaction=2)
    await made(office, "matters", text="Tables", kind="complaint", client_id=twin["id"])
    await made(office, "matters", text="When?", kind="question", client_id=twin["id"])

    async def counted(*, days: int = 1) -> dict[str, tuple[int, ...]]:
        counts = counts_by_client(office.company.tenant, office.clock.now() - timedelta(days=days))
        async with office.board.sessions() as session:
            return {client: tuple(map(int, told)) for client, *told in await session.execute(select(counts))}

    assert await counted() == {clara["id"]: (1, 1, 1), twin["id"]: (1, 0, 1)}
    assert await counted(days=-1) == {}
    merged = await office.api.post(f"{API}/clients/{clara['id']}/merge", json={"other_id": twin["id"]})
    assert merged.status_code == 200
    assert await counted() == {clara["id"]: (2, 1, 2)}
    undone = await office.api.post(f"{API}/clients/{merged.headers['Antichambre-Undo']}/unmerge")
    assert undone.status_code == 200, undone.text
    assert await counted() == {clara["id"]: (1, 1, 1), twin["id"]: (1, 0, 1)}


async def test_a_client_tells_the_next_contact_and_the_last_mark(office: Office) -> None:
    clara, ann = await office.add_client(), await office.add_client("+33639980044", "Ann")
    olga, call = await talked(office, cast.CLARA)
    due = (office.clock.now() + timedelta(days=3)).isoformat()
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        await note(browser, call, outcome="done", next_contact_at=due, satisfaction=4)
    listed = {one["id"]: one for one in (await office.api.get(f"{API}/clients")).json()["items"]}
    for told in (listed[clara["id"]], (await office.api.get(f"{API}/clients/{clara['id']}")).json()):
        assert datetime.fromisoformat(told["next_contact_at"]) == datetime.fromisoformat(due)
        assert told["satisfaction"] == 4
    assert (listed[ann["id"]]["next_contact_at"], listed[ann["id"]]["satisfaction"]) == (None, None)
    (promised,) = (await office.api.get(f"{API}/callbacks")).json()["items"]
    await office.api.patch(f"{API}/callbacks/{promised['id']}", json={"state": "done"})
    assert (await office.api.get(f"{API}/clients/{clara['id']}")).json()["next_contact_at"] is None
