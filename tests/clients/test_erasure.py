"""Somebody who is erased is nowhere any more: not in a table, a file, an export or a log. And everybody else is."""

import asyncio
import json
import os
import time
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.auth.roles import Role
from app.event_log.records import FactKind, fact
from app.event_log.segment import set_aside, set_aside_path
from app.holdings import HOLDINGS, NOBODY
from app.plan.keep_plan import PlanKeeper
from app.plan.number_builder import NumberBuilder
from app.voicemails.fetch_voicemails import fetch_voicemails
from models import Base, CallDraft, CardFields, LookUpAnswer, LookUpRecord, RehearsalDifference, UserAccount
from models.base import new_id
from models.rehearsal import Rehearsal
from tests import cast
from tests.api import API, fault, made, neighbour, signed_in
from tests.office import Office
from tests.webhooks.receiver import receiving
from tests.webhooks.test_webhooks import deliver_all, told_of

pytestmark = pytest.mark.anyio
NAME, OTHER_NAME = "Quillfeather Canaryna", "Canaryna Q."
MOBILE, DESK, OLD, LISTED = "+33639981234", "+33199007711", "+33639985511", "+33639987722"
TRACES = ("canary", "quillfeather", *(number[3:] for number in (MOBILE, DESK, OLD)), "639981234", "6 39 98 12 34")
"""In lower case. Of the number on a list only the number itself stays."""


async def the_canary(office: Office) -> str:
    """By real use everywhere; the client's id."""
    api = office.api
    imported = await api.post(
        f"{API}/clients/imports", content=f"name;number;about\n{NAME};06 39 98 12 34;feeds canary birds\n".encode(),
        headers={"Content-Type": "text/csv"}, params={"file_name": "clients.csv"},
    )  # fmt: skip
    assert imported.status_code == 201, imported.text
    applied = await api.post(f"{API}/clients/imports/{imported.json()['id']}/apply")
    assert applied.status_code == 200, applied.text
    (card,) = (await api.get(f"{API}/clients", params={"number": MOBILE})).json()["items"]
    client_id: str = card["id"]
    again = await api.post(
        f"{API}/clients", json={"name": OTHER_NAME, "numbers": [DESK, OLD], "emails": ["canary@example.org"]},
        headers={"Idempotency-Key": "once"},
    )  # fmt: skip
    assert again.status_code == 201
    merged = await api.post(f"{API}/clients/{client_id}/merge", json={"other_id": again.json()["id"]})
    assert merged.status_code == 200, merged.text
    changes = {"pinned_note": "The canary bites.", "numbers": [MOBILE, DESK, LISTED], "card_number": "CANARY-77"}
    assert (await api.patch(f"{API}/clients/{client_id}", json=changes)).status_code == 200
    gone = await made(office, "clients", name="Somebody at the same desk", numbers=[MOBILE])
    assert (await api.delete(f"{API}/clients/{gone['id']}")).status_code == 204
    listed = await made(office, "vip", number=LISTED, label="Canaryna", reason="Quillfeather Canaryna pays at once")
    assert listed["label"] == "Canaryna"
    await made(office, "matters", client_id=client_id, kind="complaint", text="The canary's seeds were wet.")
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        noted = await sofia.post(f"/clients/{client_id}/notes", data={"text": "Has a second canary."})
        assert noted.status_code == 303
    return client_id


async def sales_to_the_canary(office: Office) -> None:
    """Two, of which one was to be had under another product's name."""
    sold = await office.api.post(
        f"{API}/sales/imports", headers={"Content-Type": "text/csv"},
        content=b"client;date;amount;product\nCANARY-77;2026-05-04;120.00;Seeds\n06 39 98 12 34;2026-06-04;80.00;Seeds\n",
    )  # fmt: skip
    assert sold.status_code == 201, sold.text
    applied = await office.api.post(f"{API}/sales/imports/{sold.json()['id']}/apply")
    assert applied.status_code == 200, applied.text
    assert (await office.api.post(f"{API}/segments/compute")).status_code < 300


async def calls_of_the_canary(office: Office) -> list[str]:
    menu = await office.add_menu("Accueil", {"1": {"kind": "voicemail"}})
    await office.change_line(menu_id=menu["id"])
    spoken = await office.phones.place_call(MOBILE, cast.LINE, caller_name="CANARY Q")
    await office.phones.settle()
    await spoken.press("1")
    await spoken.ended()
    missed = await office.phones.place_call(DESK, cast.LINE)
    await missed.hang_up_after(5)
    by_list = await office.phones.place_call(LISTED, cast.LINE)
    await by_list.hang_up_after(5)
    await office.phones.let_pass(60)
    await office.settled()
    await fetch_voicemails(office.board)
    note = {"outcome": "call_back", "text": "The canary wants seeds.", "next_contact_at": "2026-07-25T08:00:00Z"}
    noted = await office.api.post(f"{API}/calls/{spoken.sid}/note", json=note)
    assert noted.status_code < 300, noted.text
    return [spoken.sid, missed.sid, by_list.sid]


async def unfinished(office: Office, call_id: str) -> None:
    """What lies about for a while: what somebody types and what a program shows, a rehearsal, a fact that the database
    refused."""
    tenant = office.company.tenant
    async with office.board.sessions() as session, session.begin():
        user = UserAccount(tenant_id=tenant, email="d@example.org", name="D", role="operator", password_hash="")
        rehearsal = Rehearsal(tenant_id=tenant, actor="test", days=1, state="done")
        session.add_all([user, rehearsal])
        await session.flush()
        session.add(CallDraft(tenant_id=tenant, user_id=user.id, call_id=call_id, fields={"name": NAME}))
        pushed = [{"label": "Name", "value": NAME, "link": ""}]
        now = office.board.clock()
        session.add(CardFields(tenant_id=tenant, call_id=call_id, fields=pushed, put_by="test", put_at=now))
        asked = LookUpRecord(tenant_id=tenant, url="https://crm.example.org/", sealed="")
        session.add(asked)
        await session.flush()
        session.add(LookUpAnswer(tenant_id=tenant, number=MOBILE, look_up_id=asked.id, fields=pushed, asked_at=now))
        decision = {"client": {"id": "x", "name": NAME}}
        session.add(
            RehearsalDifference(
                tenant_id=tenant, rehearsal_id=rehearsal.id, place=1, call_id=call_id, before=decision, after=decision
            )
        )
    aside = set_aside_path(office.board.journal.folder.parent)
    set_aside(aside, fact(tenant, "CA-refused", FactKind.INCOMING, office.board.clock(), {"caller": MOBILE}, new_id()))
    set_aside(aside, fact(tenant, "CA-somebody", FactKind.INCOMING, office.board.clock(), {"caller": "x"}, new_id()))


async def everything_in_tables(office: Office) -> dict[str, str]:
    """All rows of all tables as text, with what is packed or sealed in them."""
    found: dict[str, str] = {}
    async with office.board.engine.connect() as connection:
        for name in Base.metadata.tables:
            rows = await connection.execute(text(f'SELECT t::text FROM "{name}" AS t'))  # noqa: S608
            found[name] = "\n".join(row[0] for row in rows)
        for (packed,) in await connection.execute(text("SELECT file FROM list_import WHERE length(file) > 0")):
            found["list_import"] += zlib.decompress(packed).decode()
        for (body,) in await connection.execute(text("SELECT body FROM idempotent_request")):
            found["idempotent_request"] += office.board.secret_box.decrypt(body["sealed"])
    return found


def everything_in_files(folder: Path) -> dict[str, str]:
    """All files below ``folder``, whatever they are."""
    return {
        str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "replace")
        for path in folder.rglob("*")
        if path.is_file()
    }


def found_in(texts: dict[str, str]) -> dict[str, list[str]]:
    """Where somebody is found, and by what."""
    return {
        name: hits for name, content in texts.items() if (hits := [one for one in TRACES if one in content.lower()])
    }


async def rewritten(office: Office, data_dir: Path) -> None:
    """What every host does in the next quarter of an hour."""
    for path in (data_dir / "plan").rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - 3600, time.time() - 3600))
    builder = NumberBuilder(office.database_url, data_dir)
    await PlanKeeper(office.board.live_plan, builder, data_dir).save()


async def test_nothing_of_a_canary_is_found(office: Office, data_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
    office.board.settings = office.board.settings.model_copy(update={"allow_private_targets": True})
    async with receiving() as receiver:
        await told_of(office, receiver)
        client_id = await the_canary(office)
        await sales_to_the_canary(office)
        sids = await calls_of_the_canary(office)
        await deliver_all(office)
    await unfinished(office, sids[0])
    waiting = await office.api.post(
        f"{API}/clients/imports", content=f"name;number\n{NAME};0639981234\nUma;0639980003\n".encode(),
        headers={"Content-Type": "text/csv"},
    )  # fmt: skip
    assert waiting.json()["state"] == "previewed"
    await rewritten(office, data_dir)
    held_in = set(found_in(await everything_in_tables(office)))
    tables = set[str]().union(*(one.tables for one in HOLDINGS))
    by_other_words = {"list_import_progress", "fake_queue_stay", "blacklist_entry", "caller_memory", "voicemail"}
    by_other_words |= {"sale", "product_sold", "product_state", "client_segment", "segment_suggestion"}  # by the id
    assert held_in >= tables - by_other_words, "the canary was everywhere before"
    assert "plan/plan.jsonl" in found_in(everything_in_files(data_dir))

    handed_out = await office.api.get(f"{API}/clients/{client_id}/export")
    assert handed_out.status_code == 200, handed_out.text
    told = {one["place"]: one["records"] for one in handed_out.json()["held"]}
    assert {call["call_id"] for call in told["calls"]} == set(sids)
    assert [one["text"] for one in told["notes"]] == ["Has a second canary."]
    assert set(told) >= {"card", "numbers", "notes", "calls", "call_notes", "callbacks", "voicemails", "list_entries"}

    async with signed_in(office, Role.ADMIN) as sofia:
        asked = await sofia.get(f"/clients/{client_id}/erase")
        assert asked.status_code == 200
        assert "Nothing has happened yet" in asked.text
        assert (await office.api.get(f"{API}/clients/{client_id}")).status_code == 200
        assert (await sofia.get(f"/clients/{client_id}/everything.json")).json()["held"].keys() == told.keys()
    answer = await office.api.delete(f"{API}/clients/{client_id}", params={"erase": "true"})
    assert answer.status_code == 200, answer.text
    assert found_in({"report": answer.text}) == {}
    report = {one["place"]: one["count"] for one in answer.json()["erased"]}
    assert (
        report | {"calls": 3, "voicemails": 1, "notes": 1, "numbers": 3, "list_entries": 1, "files": 2, "sales": 2}
        == report
    )
    await office.settled()
    await rewritten(office, data_dir)
    assert found_in(await everything_in_tables(office)) == {}
    assert found_in(everything_in_files(data_dir)) == {}
    said = capfd.readouterr()
    assert found_in({"log": said.out + said.err}) == {}
    for path in ("clients/export", "calls", "audit", "vip", "vip/export", "callbacks", "voicemails", "clients/imports"):
        shown = await office.api.get(f"{API}/{path}")
        assert shown.status_code == 200, path
        assert found_in({path: shown.text}) == {}, path
    async with signed_in(office, Role.ADMIN, office.nina) as adam:
        for page in ("/", "/calls", f"/calls/{sids[0]}", f"/calls/{sids[2]}", "/clients", "/lists/vip", "/callbacks"):
            drawn = await adam.get(page, headers={"Accept": "text/html"})
            assert drawn.status_code == 200, page
            assert found_in({page: drawn.text}) == {}, page
    (listed,) = (await office.api.get(f"{API}/vip", params={"number": LISTED})).json()["items"]
    assert (listed["label"], listed["reason"]) == ("", "pays at once")
    counted = (await office.api.get(f"{API}/reports/calls", params={"by": "day"})).json()
    assert "3" in json.dumps(counted)
    assert (await office.api.delete(f"{API}/clients/{client_id}", params={"erase": "true"})).status_code == 404


def test_every_table_is_some_rooms_or_holds_nobody() -> None:
    held = [name for one in HOLDINGS for name in one.tables]
    assert sorted([*held, *NOBODY]) == sorted(Base.metadata.tables)


async def erased(office: Office, client_id: str) -> dict[str, int]:
    answer = await office.api.delete(f"{API}/clients/{client_id}", params={"erase": "true"})
    assert answer.status_code == 200, answer.text
    return {one["place"]: one["count"] for one in answer.json()["erased"]}


async def test_whoever_shares_a_number_or_a_name_keeps_everything(office: Office) -> None:
    """The desk's calls may be the other's; a namesake is somebody else."""
    clara = await made(office, "clients", name="Clara", numbers=[{"number": DESK, "shared": True}, cast.CLARA])
    dora = await made(
        office, "clients", name="Dora", numbers=[{"number": DESK, "shared": True}], about="Clara's friend"
    )
    namesake = await made(office, "clients", name="Clara", numbers=[cast.UMA])
    calls = []
    for number in (DESK, cast.CLARA, cast.UMA):
        call = await office.phones.place_call(number, cast.LINE)
        await call.hang_up_after(5)
        calls.append(call.sid)
    await office.phones.let_pass(60)
    await office.settled()
    before = [(await office.api.get(f"{API}/calls/{calls[place]}")).json() for place in (0, 2)]
    assert (await erased(office, clara["id"]))["calls"] == 2
    after = [(await office.api.get(f"{API}/calls/{calls[place]}")).json() for place in (0, 2)]
    assert after[1] == before[1]
    assert "Dora" in json.dumps(after[0])
    assert json.dumps(after[0]) == json.dumps(before[0]).replace("Clara", ""), "and nothing but her name is gone"
    for other in (dora, namesake):
        assert (await office.api.get(f"{API}/clients/{other['id']}")).json() == other
    audited = (await office.api.get(f"{API}/audit", params={"limit": 100})).json()["items"]
    of_dora = [one for one in audited if one["row_id"] == dora["id"]]
    assert [one["after"]["numbers"] for one in of_dora] == [[{"number": DESK, "shared": True}]]
    gone = (await office.api.get(f"{API}/calls/{calls[1]}")).json()
    assert cast.CLARA not in json.dumps(gone)
    assert (await office.api.post(f"{API}/clients/{clara['id']}/restore")).status_code == 404


async def test_a_deleted_client_is_erased_and_does_not_come_back(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    deleted = await office.api.delete(f"{API}/clients/{clara['id']}")
    assert await erased(office, clara["id"]) == {"earlier_cards": 1, "audit": 2, "plan": 1}
    undone = await office.api.post(f"{API}/clients/{deleted.headers['Antichambre-Undo']}/restore")
    assert undone.status_code == 404


async def test_nobody_is_erased_by_operators_by_neighbours_or_while_they_speak(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    path = f"{API}/clients/{clara['id']}"
    async with signed_in(office, Role.OPERATOR) as olga:
        refused = await olga.delete(path, params={"erase": "true"})
        assert fault(refused)[:2] == (403, "not-allowed")
        assert (await olga.get(f"{path}/export")).status_code == 403
        for page in ("erase", "everything.json"):
            assert (await olga.get(f"/clients/{clara['id']}/{page}")).status_code == 403
        assert (await olga.post(f"/clients/{clara['id']}/erase")).status_code == 403
        assert "Erase for good" not in (await olga.get(f"/clients/{clara['id']}")).text
    async with neighbour(office) as (api, _nina):
        assert (await api.delete(path, params={"erase": "true"})).status_code == 404
        assert (await api.get(f"{path}/export")).status_code == 404
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    busy = await office.api.delete(path, params={"erase": "true"})
    assert (busy.status_code, "on the line" in busy.json()["detail"]) == (409, True)
    assert (await office.api.get(path)).status_code == 200
    await call.hang_up_after(1)
    await office.phones.let_pass(60)
    await office.settled()
    both = await asyncio.gather(*(office.api.delete(path, params={"erase": "true"}) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [200, 404]


async def test_a_merge_that_was_undone_leaves_nothing_with_the_other(office: Office) -> None:
    uma = await made(office, "clients", name="Uma", numbers=[cast.UMA])
    canary = await made(office, "clients", name=NAME, numbers=[MOBILE], about="canary birds")
    merged = await office.api.post(f"{API}/clients/{uma['id']}/merge", json={"other_id": canary["id"]})
    apart = await office.api.post(f"{API}/clients/{merged.headers['Antichambre-Undo']}/unmerge")
    assert apart.status_code == 200, apart.text
    await erased(office, canary["id"])
    assert found_in(await everything_in_tables(office)) == {}
    kept = (await office.api.get(f"{API}/clients/{uma['id']}")).json()
    assert (kept["name"], [one["number"] for one in kept["numbers"]]) == ("Uma", [cast.UMA])


async def test_what_a_worker_had_still_on_its_disk_comes_without_the_person(office: Office) -> None:
    canary = await made(office, "clients", name=NAME, numbers=[MOBILE])
    call = await office.phones.place_call(MOBILE, cast.LINE, caller_name="CANARY")
    await call.hang_up_after(5)
    await office.phones.let_pass(60)
    await office.settled()
    tenant = office.company.tenant
    async with office.board.engine.connect() as connection:
        query = text("SELECT payload FROM call_event WHERE call_id = :sid AND kind = 'call.incoming'")
        payload = (await connection.execute(query, {"sid": call.sid})).scalar_one()
    happened = office.board.clock()
    await office.phones.let_pass(5)
    await erased(office, canary["id"])
    for call_id, at in (("CA-late", happened), ("CA-new", happened + timedelta(minutes=5))):
        await office.board.journal.append(fact(tenant, call_id, FactKind.INCOMING, at, payload))
    await office.settled()
    late, new = [(await office.api.get(f"{API}/calls/{sid}")).json() for sid in ("CA-late", "CA-new")]
    assert found_in({"late": json.dumps(late)}) == {}
    assert MOBILE in json.dumps(new), "whoever calls again is somebody new"


async def test_calls_of_others_do_not_name_whose_telephone_forwarded_them(office: Office) -> None:
    """However the network writes the number; and a call by way of another telephone is left alone."""
    canary = await made(office, "clients", name=NAME, numbers=[MOBILE])
    forms = (MOBILE, "0033639981234", "33639981234", "0639981234", "+33199009999")
    calls = []
    for form in forms:
        call = await office.phones.place_call(cast.UMA, cast.LINE, forwarded_from=form)
        await call.hang_up_after(2)
        await office.phones.let_pass(30)
        calls.append(call.sid)
    await office.settled()
    paths = [f"{API}/calls/{sid}" for sid in calls]
    before = [(await office.api.get(path)).json() for path in paths]
    assert [one["forwarded_from"] for one in before] == list(forms)
    tenant, happened = office.company.tenant, office.board.clock()
    async with office.board.engine.connect() as connection:
        query = text("SELECT payload FROM call_event WHERE call_id = :sid AND kind = 'call.incoming'")
        payload = (await connection.execute(query, {"sid": calls[0]})).scalar_one()
    exported = (await office.api.get(f"{API}/clients/{canary['id']}/export")).json()
    assert "calls" not in {one["place"] for one in exported["held"]}, "they are Uma's"
    await office.phones.let_pass(5)
    assert (await erased(office, canary["id"]))["calls"] == 4
    after = [(await office.api.get(path)).json() for path in paths]
    assert [one | {"forwarded_from": None} for one in before[:4]] == after[:4], "nothing else is changed"
    assert after[4] == before[4]
    for call_id, at in (("CA-late", happened), ("CA-new", happened + timedelta(minutes=5))):
        await office.board.journal.append(fact(tenant, call_id, FactKind.INCOMING, at, payload))
    await office.settled()
    late, new = [(await office.api.get(f"{API}/calls/{sid}")).json() for sid in ("CA-late", "CA-new")]
    assert (late["forwarded_from"], new["forwarded_from"]) == (None, MOBILE)
    async with office.board.engine.begin() as connection:
        for table in ("call", "call_event"):
            await connection.execute(text(f"DELETE FROM {table} WHERE call_id = 'CA-new'"))  # noqa: S608
    assert found_in(await everything_in_tables(office)) == {}
