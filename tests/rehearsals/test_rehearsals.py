"""A rehearsal tells what a change would do, and does nothing."""

import asyncio
import re
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text

from app.auth.roles import Role
from models import AuditEntry, CallRecord, PlanChange, QueueRecord
from tests import cast
from tests.api import API, NEIGHBOURS_LINE, fault, made, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

SPAIN = "+34912345678"
PATH = f"{API}/rehearsals"
BLOCK_UMA = {"method": "POST", "path": f"{API}/blacklist", "body": {"number": cast.UMA}}


async def rehearsed(api: httpx.AsyncClient, *changes: dict[str, Any], days: int = 30) -> dict[str, Any]:
    """A rehearsal that has ended well."""
    begun = await api.post(PATH, json={"changes": [*changes], "days": days})
    assert begun.status_code == 202, begun.text
    assert begun.json()["state"] == "running"
    path = begun.headers["Location"]
    async with asyncio.timeout(60):
        while (told := (await api.get(path)).json())["state"] == "running":
            await asyncio.sleep(0.1)
    assert told["state"] == "done", told
    assert told["calls"] == told["of"]
    answer: dict[str, Any] = told
    return answer


async def differences(api: httpx.AsyncClient, rehearsal: dict[str, Any], limit: int = 500) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = (await api.get(f"{PATH}/{rehearsal['id']}/differences", params=query)).json()
        items += page["items"]
        cursor = page["next_cursor"]
    return items


async def calls_from(office: Office, *callers: str, to: str = cast.LINE, **parameters: str) -> None:
    for caller in callers:
        assert (await office.webhook("/twilio/voice", caller, to, **parameters)).status_code == 200
        await office.phones.let_pass(60)
    await office.settled()


async def everything(office: Office) -> tuple[object, ...]:
    async with office.board.sessions() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(one)) for one in (AuditEntry, PlanChange, QueueRecord)
        ]
        return *counts, await session.scalar(text("SELECT version FROM plan_version")), office.board.live_plan.version


async def test_it_tells_which_calls_would_have_gone_elsewhere_and_changes_nothing(office: Office) -> None:
    await calls_from(office, cast.UMA, SPAIN, cast.CLARA, cast.UMA)
    before = await everything(office)
    told = await rehearsed(office.api, BLOCK_UMA)
    assert (told["of"], told["different"], told["not_recorded"], told["days"]) == (4, 2, 0, 30)
    items = await differences(office.api, told, limit=1)
    assert [one["before"]["caller"]["number"] for one in items] == [cast.UMA] * 2
    assert {(one["before"]["action"], one["after"]["action"]) for one in items} == {("queue", "fake_queue")}
    assert items[0]["after"]["reason"] == {"code": "blacklisted", "text": "Blacklisted: +33 6 39 98 00 03."}
    assert items[0]["before"]["trace"][-1]["decided"]
    assert await everything(office) == before
    assert (await office.api.get(f"{API}/blacklist")).json()["items"] == []
    assert (await office.api.post(f"{API}/explain", json={"from": cast.UMA, "to": cast.LINE})).json()[
        "action"
    ] == "queue"


async def test_the_numbers_are_those_of_the_webhook_after_the_change_was_really_made(office: Office) -> None:
    await office.keep_hours()
    menu = await office.add_menu("Español", {"1": {"kind": "queue", "id": office.company.queue_id}})
    clara = await office.add_client()
    await office.add_vip()
    callers = [cast.UMA, SPAIN, cast.VERA, cast.CLARA, "anonymous", SPAIN, SPAIN, "sip:uma@example.org", "", cast.UMA]
    await calls_from(office, *callers)
    await calls_from(office, SPAIN, StirVerstat="TN-Validation-Failed", CallerName="Best Survey")
    changes: list[dict[str, Any]] = [
        {"method": "POST", "path": f"{API}/rules", "body": {
            "name": "Third time", "when": {"calls": {"at_least": 3, "within_minutes": 60}}, "do": {"action": "voicemail"}}},
        {"method": "POST", "path": f"{API}/rules", "body": {
            "name": "Spain", "when": {"country": "ES"}, "do": {"action": "menu", "menu_id": menu["id"]}}},
        {"method": "POST", "path": f"{API}/rules", "body": {
            "name": "Survey", "position": 1, "when": {"name": "survey"}, "do": {"action": "reject"}}},
        {"method": "PATCH", "path": f"{API}/company", "body": {"treatments": {"withheld": "reject"}}},
        {"method": "PATCH", "path": f"{API}/clients/{clara['id']}", "body": {"standing": "vip"}},
        {"method": "DELETE", "path": f"{API}/vip/{(await office.api.get(f'{API}/vip')).json()['items'][0]['id']}"},
    ]  # fmt: skip
    told = await rehearsed(office.api, *changes)
    expected = {one["call_id"]: one for one in await differences(office.api, told)}
    assert told["of"] == 11
    assert len(expected) == told["different"] == 7
    async with office.board.sessions() as session:
        stored = [*await session.scalars(select(CallRecord).order_by(CallRecord.started_at))]
    for change in changes:
        request = office.api.build_request(change["method"], change["path"], json=change.get("body"))
        assert (await office.api.send(request)).is_success
    await office.phones.let_pass(3 * 24 * 3600)  # to the same hour of another open day: Monday
    office.board.open_calls.recent_calls._calls.clear()
    await calls_from(office, *callers)
    await calls_from(office, SPAIN, StirVerstat="TN-Validation-Failed", CallerName="Best Survey")
    async with office.board.sessions() as session:
        again = [*await session.scalars(select(CallRecord).order_by(CallRecord.started_at))][len(stored) :]
    for first, second in zip(stored, again, strict=True):
        wanted = expected[first.call_id]["after"] if first.call_id in expected else None
        if wanted is None:
            assert (second.action, second.reason_code) == (first.action, first.reason_code)
        else:
            assert (second.action, second.reason_code) == (wanted["action"], wanted["reason"]["code"])


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"method": "POST", "path": f"{API}/users", "body": {}}, 422, "changes.1.path"),
        ({"method": "PATCH", "path": f"{API}/accounts/x", "body": {}}, 422, "changes.1.path"),
        ({"method": "PATCH", "path": "/calls", "body": {}}, 422, "changes.1.path"),
        ({"method": "PATCH", "path": f"{API}/rules", "body": {}}, 422, "changes.1.path"),
        ({"method": "POST", "path": f"{API}/rules/../users", "body": {}}, 422, "changes.1.path"),
        ({"method": "GET", "path": f"{API}/rules"}, 422, "changes.1.method"),
        ({"method": "DELETE", "path": f"{API}/company"}, 422, "changes.1.method"),
        ({"method": "PUT", "path": f"{API}/queues/x", "body": {"name": "x"}}, 422, "changes.1.method"),
        ({"method": "POST", "path": f"{API}/rules", "body": {"name": "x"}}, 422, "changes.1.when"),
        ({"method": "POST", "path": f"{API}/queues", "body": {"name": "x", "mood": "y"}}, 422, "changes.1.mood"),
        ({"method": "POST", "path": f"{API}/queues", "body": {"name": "a\x00"}}, 422, "changes.1.name"),
        ({"method": "POST", "path": f"{API}/blacklist", "body": {"number": "x"}}, 422, "changes.1.number"),
        ({"method": "POST", "path": f"{API}/lines", "body": {"number": "+33199002000", "label": "x", "queue_id": "no"}}, 422,
         "changes.1.queue_id"),
        ({"method": "PATCH", "path": f"{API}/queues/nobody", "body": {"name": "x"}}, 404, "changes.1"),
        ({"method": "DELETE", "path": f"{API}/queues/\x00"}, 404, "changes.1"),
        ({"method": "POST", "path": f"{API}/queues", "body": {"name": "First"}}, 409, "changes.1.name"),
    ],
)  # fmt: skip
async def test_a_change_that_is_refused_leaves_nothing(
    office: Office, change: dict[str, Any], status: int, field: str
) -> None:
    before = await everything(office)
    first = {"method": "POST", "path": f"{API}/queues", "body": {"name": "First"}}
    answer = await office.api.post(PATH, json={"changes": [first, change]})
    assert fault(answer)[::2] == (status, field)
    assert await everything(office) == before
    # Nor is it in anybody's way.
    assert (await office.api.post(f"{API}/queues", json={"name": "First"})).status_code == 201


async def test_limits(office: Office) -> None:
    bodies: list[dict[str, Any]] = [
        {"changes": []}, {"changes": [BLOCK_UMA] * 101}, {"changes": [BLOCK_UMA], "days": 91}, {"days": 1},
    ]  # fmt: skip
    for body in bodies:
        assert (await office.api.post(PATH, json=body)).status_code == 422
    assert (await office.api.get(f"{PATH}/nobody")).status_code == 404
    assert (await office.api.get(f"{PATH}/%00/differences")).status_code == 404


async def test_one_at_a_time_and_each_company_its_own(office: Office) -> None:
    await calls_from(office, cast.UMA)
    async with neighbour(office) as (other, _):
        parameters = {"AccountSid": "AC" + "b" * 32}
        assert (await office.webhook("/twilio/voice", cast.UMA, NEIGHBOURS_LINE, **parameters)).status_code in (
            200,
            403,
        )
        mine = await office.api.post(PATH, json={"changes": [BLOCK_UMA]})
        again = await office.api.post(PATH, json={"changes": [BLOCK_UMA]})
        theirs = await other.post(PATH, json={"changes": [BLOCK_UMA]})
        assert (mine.status_code, theirs.status_code) == (202, 202)
        assert fault(again)[:2] == (409, "conflict")
        assert (await other.get(mine.headers["Location"])).status_code == 404
        assert (await other.get(f"{mine.headers['Location']}/differences")).status_code == 404
        for api, answer, calls in ((office.api, mine, 1), (other, theirs, 0)):
            async with asyncio.timeout(60):
                while (told := (await api.get(answer.headers["Location"])).json())["state"] == "running":
                    await asyncio.sleep(0.1)
            assert (told["state"], told["of"], told["different"]) == ("done", calls, calls)


async def test_supervisors_read_and_admins_begin(office: Office) -> None:
    told = await rehearsed(office.api, BLOCK_UMA)
    for role, reads in ((Role.OPERATOR, 403), (Role.SUPERVISOR, 200), (Role.ADMIN, 200)):
        async with signed_in(office, role) as browser:
            assert (await browser.get(f"{PATH}/{told['id']}")).status_code == reads
            assert (await browser.get(f"{PATH}/{told['id']}/differences")).status_code == reads
            if role is not Role.ADMIN:
                assert (await browser.post(PATH, json={"changes": [BLOCK_UMA]})).status_code == 403


async def test_calls_that_nobody_recorded_are_counted_and_not_decided(office: Office) -> None:
    await calls_from(office, cast.UMA, cast.UMA)
    async with office.board.sessions() as session, session.begin():
        call = (await session.scalars(select(CallRecord).limit(1))).one()
        call.reason_code = "not_recorded"
    told = await rehearsed(office.api, BLOCK_UMA)
    assert (told["of"], told["different"], told["not_recorded"]) == (2, 1, 1)


async def test_a_rehearsal_whose_process_has_died_is_over_and_in_nobody_s_way(office: Office) -> None:
    told = await rehearsed(office.api, BLOCK_UMA)
    async with office.board.sessions() as session, session.begin():
        await session.execute(
            text("UPDATE rehearsal SET state = 'running', heard_at = now() - interval '2 minutes' WHERE id = :id"),
            {"id": told["id"]},
        )
    assert (await office.api.get(f"{PATH}/{told['id']}")).json()["state"] == "failed"
    assert (await rehearsed(office.api, BLOCK_UMA))["state"] == "done"


async def test_changes_build_on_each_other_and_who_is_away_counts_as_present(office: Office) -> None:
    await office.add_operator(presence="offline")
    await calls_from(office, cast.UMA)
    queue = await made(office, "queues", name="Orders")
    serves = {"method": "PATCH", "path": f"{API}/operators/{office.nina}", "body": {"queue_ids": [queue["id"]]}}
    line = {"method": "PATCH", "path": f"{API}/lines/{office.company.line_id}", "body": {"queue_id": queue["id"]}}
    (alone,) = await differences(office.api, await rehearsed(office.api, line))
    assert alone["after"]["reason"]["code"] == "nobody_serves"
    (both,) = await differences(office.api, await rehearsed(office.api, serves, line))
    assert (both["after"]["action"], both["after"]["detail"]["queue_id"]) == ("queue", queue["id"])


async def test_a_new_list_of_others_counts_with_what_it_holds_and_is_not_guessed_at(office: Office) -> None:
    await calls_from(office, "+33162123456", cast.UMA)
    new = {"method": "POST", "path": f"{API}/subscriptions"}
    arcep = {"list": "blacklist", "name": "Telemarketing", "source": "arcep", "state": "active"}
    (held,) = await differences(office.api, await rehearsed(office.api, new | {"body": arcep}))
    assert held["after"]["action"] == "fake_queue"
    file = await made(office, "subscriptions", **arcep | {"source": "file", "state": "off"})
    for change in (
        new | {"body": arcep | {"source": "url", "url": "https://gone.invalid/list.csv"}},
        {"method": "PATCH", "path": f"{API}/subscriptions/{file['id']}", "body": {"state": "active"}},
    ):
        refused = await office.api.post(PATH, json={"changes": [change]})
        assert fault(refused) == (409, "conflict", None)
        assert "which numbers the list “Telemarketing” has" in refused.json()["detail"]


async def test_another_turn_in_the_queue_is_told_and_another_time_in_the_fake_queue_is_not(office: Office) -> None:
    await office.add_blacklisted()
    gold = await office.add_category("Gold")
    await office.add_client(category_id=gold["id"])
    await calls_from(office, cast.BORIS, cast.CLARA)
    held = {"method": "PATCH", "path": f"{API}/company", "body": {"treatments": {"fake_queue_cap_seconds": 600}}}
    sooner = {"method": "PATCH", "path": f"{API}/categories/{gold['id']}", "body": {"priority": 30}}
    told = await rehearsed(office.api, held, sooner)
    assert told["different"] == 1
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get(f"/settings/rehearsals/{told['id']}")).text
    waits = "Waits in the queue “Réception”, priority"
    assert re.findall("<bdi>(Waits in [^<]+)</bdi>", page) == [f"{waits} 0", f"{waits} 30"]
