"""A call is whose somebody has said: it is on their page, handed out and erased with them, and with nobody else."""

import importlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from app.auth.roles import Role
from app.event_log.records import FactKind, fact
from models import Callback, CallEvent, CallRecord, Matter, RehearsalDifference
from models.rehearsal import Rehearsal
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
SAID = "The son wants his money back."


@pytest.fixture
async def sofia(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """A supervisor at her panel."""
    async with signed_in(office, Role.SUPERVISOR) as browser:
        yield browser


async def a_call(office: Office, number: str = cast.CLARA) -> str:
    call = await office.phones.place_call(number, cast.LINE)
    await call.hang_up_after(5)
    await office.phones.let_pass(10)
    await office.settled()
    return call.sid


async def is_said(sofia: httpx.AsyncClient, call_id: str, client: str, **more: str) -> None:
    answer = await sofia.post(f"/calls/{call_id}/caller", data={"client": client} | more)
    assert answer.status_code == 200, answer.text


async def is_saved_as(office: Office, sofia: httpx.AsyncClient, call_id: str, name: str) -> str:
    """The id of the new client."""
    answer = await sofia.post("/clients/from-call", data={"call": call_id, "name": name})
    assert answer.status_code == 200, answer.text
    found = (await office.api.get(f"{API}/clients", params={"q": name})).json()["items"]
    client_id: str = next(one["id"] for one in found if one["name"] == name)
    return client_id


async def noted(office: Office, call_id: str) -> None:
    """A call is promised, and a complaint opens by itself."""
    note = {
        "outcome": "call_back", "text": SAID, "satisfaction": 1,
        "next_contact_at": (office.board.clock().replace(year=office.board.clock().year + 1)).isoformat(),
    }  # fmt: skip
    answer = await office.api.post(f"{API}/calls/{call_id}/note", json=note)
    assert answer.status_code < 300, answer.text


async def whose(office: Office, call_id: str) -> dict[str, str | None]:
    """Whose the call is, and what has followed from it."""
    async with office.board.sessions() as session:
        found: dict[str, str | None] = {}
        for model in (CallRecord, Matter, Callback):
            for client_id in await session.scalars(select(model.client_id).where(model.call_id == call_id)):
                found[model.__tablename__] = client_id
        return found


async def exported(office: Office, client_id: str) -> dict[str, Any]:
    answer = await office.api.get(f"{API}/clients/{client_id}/export")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def rows_of(office: Office, table: str) -> str:
    """All of a table as text."""
    async with office.board.engine.connect() as connection:
        return "\n".join([row[0] for row in await connection.execute(text(f"SELECT t::text FROM {table} AS t"))])  # noqa: S608


def all_of(client_id: str | None) -> dict[str, str | None]:
    return dict.fromkeys(("call", "matter", "callback"), client_id)


@pytest.mark.parametrize("noted_first", [False, True])
async def test_what_somebody_else_has_said_is_theirs(
    office: Office, sofia: httpx.AsyncClient, noted_first: bool
) -> None:
    """Mother and son: on both pages, handed out and erased."""
    maman = (await made(office, "clients", name="Maman", numbers=[cast.CLARA]))["id"]
    hers, his = await a_call(office), await a_call(office)
    if noted_first:
        await noted(office, his)
        assert await whose(office, his) == all_of(maman)
    await is_said(sofia, his, "else")
    assert (await whose(office, his))["call"] is None
    fils = await is_saved_as(office, sofia, his, "Fils")
    if not noted_first:
        await noted(office, his)
    assert await whose(office, his) == all_of(fils)
    for client_id, call_id, others in ((maman, hers, his), (fils, his, hers)):
        page = (await sofia.get(f"/clients/{client_id}")).text
        assert f"/calls/{call_id}" in page
        assert f"/calls/{others}" not in page
        calls = (await office.api.get(f"{API}/calls", params={"client_id": client_id})).json()["items"]
        assert [one["id"] for one in calls] == [call_id]
        assert others not in json.dumps(await exported(office, client_id))
    assert SAID not in json.dumps(await exported(office, maman))
    assert SAID in json.dumps(await exported(office, fils))
    erased = await office.api.delete(f"{API}/clients/{maman}", params={"erase": "true"})
    assert erased.status_code == 200, erased.text
    assert await whose(office, his) == all_of(fils)
    kept = await exported(office, fils)
    assert SAID in json.dumps(kept)
    assert (await office.api.delete(f"{API}/clients/{fils}", params={"erase": "true"})).status_code == 200
    async with office.board.sessions() as session:
        for model in (Matter, Callback):
            assert (await session.scalars(select(model))).all() == []


async def test_of_several_it_is_whoever_was_chosen(office: Office, sofia: httpx.AsyncClient) -> None:
    both = {"number": cast.CLARA, "shared": True}
    clara, carl = [(await made(office, "clients", name=name, numbers=[both]))["id"] for name in ("Clara", "Carl")]
    call_id = await a_call(office)
    await noted(office, call_id)
    assert await whose(office, call_id) == all_of(None)
    for one, other in ((clara, carl), (carl, clara)):
        await is_said(sofia, call_id, one)
        assert await whose(office, call_id) == all_of(one)
        assert f"/calls/{call_id}" in (await sofia.get(f"/clients/{one}")).text
        assert f"/calls/{call_id}" not in (await sofia.get(f"/clients/{other}")).text
    await is_said(sofia, call_id, "else")
    assert await whose(office, call_id) == all_of(None)


async def test_it_was_they_after_all(office: Office, sofia: httpx.AsyncClient) -> None:
    clara = (await made(office, "clients", name="Clara", numbers=[cast.CLARA]))["id"]
    call_id = await a_call(office)
    await is_said(sofia, call_id, "else")
    assert f"/calls/{call_id}" not in (await sofia.get(f"/clients/{clara}")).text
    await is_said(sofia, call_id, clara)
    assert (await whose(office, call_id))["call"] == clara


async def test_a_new_callers_call_is_theirs_and_a_guess_is_taken_back(office: Office, sofia: httpx.AsyncClient) -> None:
    call_id = await a_call(office)
    await noted(office, call_id)
    new = await is_saved_as(office, sofia, call_id, "Nora")
    assert await whose(office, call_id) == all_of(new)
    mario = (await made(office, "clients", name="Mario", numbers=[cast.UMA]))["id"]
    guessed = await a_call(office, cast.BORIS)
    await is_said(sofia, guessed, mario, verdict="yes")
    assert (await whose(office, guessed))["call"] == mario
    await is_said(sofia, guessed, mario, verdict="no")
    assert (await whose(office, guessed))["call"] is None


async def test_a_promise_is_theirs_to_whom_it_was_made(office: Office, sofia: httpx.AsyncClient) -> None:
    """She was missed, and he is promised a call to the same number."""
    maman = (await made(office, "clients", name="Maman", numbers=[cast.CLARA]))["id"]
    await a_call(office)
    async with office.board.sessions() as session:
        assert (await session.scalars(select(Callback.client_id))).all() == [maman]
    his = await a_call(office)
    await is_said(sofia, his, "else")
    fils = await is_saved_as(office, sofia, his, "Fils")
    await noted(office, his)
    assert (await office.api.delete(f"{API}/clients/{maman}", params={"erase": "true"})).status_code == 200
    async with office.board.sessions() as session:
        assert (await session.scalars(select(Callback.client_id))).all() == [fils]


async def test_calls_that_are_stored_already_are_given_to_whom_somebody_has_named(
    office: Office, sofia: httpx.AsyncClient
) -> None:
    maman = (await made(office, "clients", name="Maman", numbers=[cast.CLARA]))["id"]
    his, nobodys, hers = [await a_call(office) for _ in range(3)]
    for call_id in (his, nobodys):
        await is_said(sofia, call_id, "else")
        await noted(office, call_id)
    fils = await is_saved_as(office, sofia, his, "Fils")
    settled = importlib.import_module("migrations.versions.2026_11_29_whose_calls")
    async with office.board.engine.begin() as connection:
        for table in ("call", "matter", "callback"):
            await connection.execute(text(f"UPDATE {table} SET client_id = :id"), {"id": maman})  # noqa: S608
        for statement in settled.STATEMENTS:
            await connection.execute(text(statement))
    assert (await whose(office, his))["call"] == (await whose(office, his))["matter"] == fils
    assert (await whose(office, nobodys))["call"] is (await whose(office, nobodys))["matter"] is None
    assert (await whose(office, hers))["call"] == maman


async def test_the_calls_of_a_shared_number_do_not_name_who_was_erased(office: Office) -> None:
    """Neither in a table nor in what is handed out of the other; also when a call is stored late."""
    both = {"number": cast.CLARA, "shared": True}
    clara, dora = [
        (await made(office, "clients", name=name, numbers=[both]))["id"] for name in ("Clara Canary", "Dora")
    ]
    call_id = await a_call(office)
    async with office.board.sessions() as session:
        came_in = select(CallEvent.payload).where(CallEvent.call_id == call_id, CallEvent.kind == FactKind.INCOMING)
        payload, tenant = await session.scalar(came_in), office.company.tenant
        assert payload is not None
        decision = payload["decision"]
        rehearsal = Rehearsal(tenant_id=tenant, actor="test", days=1, state="done")
        session.add(rehearsal)
        await session.flush()
        session.add(
            RehearsalDifference(
                tenant_id=tenant, rehearsal_id=rehearsal.id, place=1, call_id=call_id, before=decision, after=decision
            )
        )
        await session.commit()
    assert "Canary" in json.dumps(payload)
    happened = office.board.clock()
    await office.phones.let_pass(5)
    assert (await office.api.delete(f"{API}/clients/{clara}", params={"erase": "true"})).status_code == 200
    await office.board.journal.append(fact(tenant, "CA-late", FactKind.INCOMING, happened, payload))
    await office.settled()
    for table in ("call", "call_event", "rehearsal_difference"):
        rows = await rows_of(office, table)
        assert "Dora" in rows
        assert "Canary" not in rows
    kept = json.dumps(await exported(office, dora))
    assert call_id in kept
    assert "CA-late" in kept
    assert "Canary" not in kept


async def test_a_call_that_stays_anothers_does_not_tell_the_number_of_who_was_erased(
    office: Office, sofia: httpx.AsyncClient
) -> None:
    """He has called from her telephone, and the number is not on his card."""
    maman = (await made(office, "clients", name="Maman", numbers=[cast.CLARA]))["id"]
    his = await a_call(office)
    await is_said(sofia, his, "else")
    fils = await is_saved_as(office, sofia, his, "Fils")
    await noted(office, his)
    assert (await office.api.patch(f"{API}/clients/{fils}", json={"numbers": [cast.UMA]})).status_code == 200
    assert (await office.api.delete(f"{API}/clients/{maman}", params={"erase": "true"})).status_code == 200
    kept = json.dumps(await exported(office, fils))
    assert his in kept
    assert SAID in kept
    for table in ("call", "call_event"):
        rows = await rows_of(office, table)
        assert his in rows
        for trace in ("Maman", cast.CLARA):
            assert trace not in rows


async def test_nobody_is_erased_while_somebody_else_speaks_from_their_number(
    office: Office, sofia: httpx.AsyncClient
) -> None:
    maman = (await made(office, "clients", name="Maman", numbers=[cast.CLARA]))["id"]
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    await is_said(sofia, call.sid, "else")
    refused = await office.api.delete(f"{API}/clients/{maman}", params={"erase": "true"})
    assert fault(refused)[:2] == (409, "conflict")
