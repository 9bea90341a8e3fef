"""A file becomes entries: only the good ones, only what contradicts nothing, all at once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.base.errors import ImportUnderWay
from app.base.problems.import_lines import SkipReason
from app.edits import in_turn as edit_in_turn
from app.edits.edit import Edit, editing
from app.edits.in_turn import take_companys_turn
from app.lists.edit_entries import add_entry
from app.lists.entry import entry_form
from app.lists.files.staging import Staging
from models import AuditEntry, BlacklistEntry, PlanChange, PlanVersion
from models.list_name import ListName
from tests import cast
from tests.api import API, neighbour
from tests.lists.importing import imported
from tests.office import Office

pytestmark = pytest.mark.anyio
VIP, BLACKLIST = ListName.VIP, ListName.BLACKLIST


async def decision(office: Office, caller: str) -> str:
    answer = await office.api.post(f"{API}/explain", json={"from": caller, "to": cast.LINE})
    code: str = answer.json()["reason"]["code"]
    return code


async def listed(office: Office, name: ListName = BLACKLIST) -> list[str]:
    async with office.board.sessions() as session:
        mine = name.model.tenant_id == office.company.tenant
        return sorted((await session.scalars(select(name.model.number).where(mine))).all())


async def versions(office: Office) -> tuple[int, int]:
    async with office.board.sessions() as session:
        version = await session.scalar(select(PlanVersion.version))
        return version or 0, await session.scalar(select(func.count()).select_from(PlanChange)) or 0


async def test_an_imported_caller_is_blacklisted_from_the_next_call_on(office: Office) -> None:
    assert await decision(office, cast.BORIS) == "default"
    report = await imported(office, BLACKLIST, "06 39 98 00 02\n+33639980099\n")
    assert (report.rows, report.added, report.bad) == (2, 2, 0)
    assert await decision(office, cast.BORIS) == "blacklisted"
    assert await decision(office, cast.UMA) == "default"
    call = await office.phones.place_call(cast.BORIS, cast.LINE)
    await call.hang_up_after(60)
    assert call.connected_to is None


async def test_an_imported_vip_walks_straight_in(office: Office) -> None:
    await office.add_manager()
    await imported(office, VIP, f"number,label\n{cast.VERA},Vera\n")
    assert await decision(office, cast.VERA) == "vip"


async def test_prefixes_ranges_and_countries_count_as_well(office: Office) -> None:
    content = "number,match,to\n+33899,prefix,\n+33639981000,range,+33639981999\nRU,country,\n+33639980099,,\n"
    assert (await imported(office, BLACKLIST, content)).added == 4
    for caller in ("+33899123456", "+33639981500", "+74951234567", "+33639980099"):
        assert await decision(office, caller) == "blacklisted", caller


async def test_the_good_lines_are_imported_and_each_bad_one_is_reported(office: Office) -> None:
    content = f"number,expires_at\n{cast.BORIS},\nabc,\n112,\n{cast.UMA},yesterday\n+33639980098,2020-01-01\n"
    report = await imported(office, BLACKLIST, content)
    assert await listed(office) == [cast.BORIS]
    assert [(one.line, one.field) for one in report.problems] == [(3, "number"), (4, "number"), (5, "expires_at")]
    assert dict(report.skipped) == {SkipReason.EXPIRED: 1}


async def test_what_contradicts_the_lists_is_left_out_with_the_reason(office: Office) -> None:
    await office.add_operator()
    await office.add_vip(label="Vera Fournier")
    await office.add_vip("+33899", match="prefix")
    await office.add_vip("+33639981000", match="range", to="+33639981999")
    await office.add_client(name="Clara", standing="vip")
    await office.add_client("+33639980097", name="Switchboard", standing="vip", shared=True)
    await office.add_blacklisted()
    content = f"""number,match,to
{cast.LINE},,
{cast.OLGA},,
{cast.VERA},,
{cast.CLARA},,
+33639980097,,
{cast.BORIS},,
+33639980096,,
06 39 98 00 96,,
+33899,prefix,
+33639981500,range,+33639982499
"""
    report = await imported(office, BLACKLIST, content)
    left_out = {one.line: (one.why, one.about_words()) for one in report.left_out}
    assert left_out == {
        2: (SkipReason.PROTECTED, "your own line Ligne principale"),
        3: (SkipReason.PROTECTED, "the number of the operator Olga"),
        4: (SkipReason.OPPOSITE, "Vera Fournier"),
        5: (SkipReason.CLIENT, "Clara"),
        7: (SkipReason.LISTED, "Boris"),
        9: (SkipReason.TWICE, "8"),
        10: (SkipReason.OPPOSITE, "Vera"),
        11: (SkipReason.OPPOSITE, "Vera"),
    }
    assert report.added == 2
    assert await listed(office) == [cast.BORIS, "+33639980096", "+33639980097"]
    assert await decision(office, cast.VERA) == "vip"


async def test_an_opposite_entry_that_has_expired_is_in_nobodys_way(office: Office) -> None:
    await office.add_vip(cast.BORIS, expires_at=office.clock.now())
    assert (await imported(office, BLACKLIST, cast.BORIS)).added == 1


async def test_the_vip_list_takes_protected_numbers(office: Office) -> None:
    await office.add_operator()
    assert (await imported(office, VIP, cast.OLGA)).added == 1


async def test_a_preview_says_the_same_and_changes_nothing(office: Office) -> None:
    await office.add_vip()
    before = await versions(office)
    content = f"number\n{cast.VERA}\n{cast.BORIS}\nabc\n{cast.BORIS}\n"
    preview = await imported(office, BLACKLIST, content, preview=True)
    assert (await listed(office), await versions(office)) == ([], before)
    applied = await imported(office, BLACKLIST, content)
    same = ("rows", "added", "bad", "problems", "skipped", "left_out")
    assert [getattr(preview, name) for name in same] == [getattr(applied, name) for name in same]


async def test_an_import_is_one_change_and_one_audit_entry_with_the_counts(office: Office) -> None:
    before, _ = await versions(office)
    report = await imported(office, BLACKLIST, f"{cast.BORIS}\n{cast.UMA}\nabc\n")
    assert report.version == before + 1
    async with office.board.sessions() as session:
        change = await session.get_one(PlanChange, report.version)
        audits = (await session.scalars(select(AuditEntry).where(AuditEntry.act == "import"))).all()
    assert (change.subject, change.row_id, list(change.row or {})) == ("blacklist_entry", "*", ["generation"])
    assert [(one.subject, one.row_id, one.after) for one in audits] == [
        (
            "blacklist_entry",
            "*",
            {"rows": 3, "remarks": 0, "added": 2, "changed": 0, "removed": 0, "bad": 1, "skipped": {}, "rounded": 0},
        )
    ]


async def test_a_second_run_adds_nothing_and_is_no_change(office: Office) -> None:
    content = "number,match\n+33639980002,\n+33899,prefix\nRU,country\n"
    await imported(office, BLACKLIST, content)
    before = await versions(office)
    again = await imported(office, BLACKLIST, content)
    assert (again.added, again.skipped[SkipReason.LISTED], again.version) == (0, 3, 0)
    assert await versions(office) == before


async def test_an_imported_entry_can_be_read_changed_and_taken_off(office: Office) -> None:
    content = "number,label,lines,treatment\n" + f"{cast.BORIS},Boris,{cast.LINE},busy\n+33639980099,x,,\n"
    await imported(office, BLACKLIST, content)
    found = (await office.api.get(f"{API}/blacklist", params={"number": cast.BORIS})).json()["items"]
    assert [(one["label"], one["treatment"], one["lines"]) for one in found] == [
        ("Boris", "busy", [office.company.line_id])
    ]
    assert (found[0]["created_by"], len(found[0]["id"])) == ("test", 20)
    one = f"{API}/blacklist/{found[0]['id']}"
    assert (await office.api.patch(one, json={"number": cast.UMA})).status_code == 200
    assert (await decision(office, cast.BORIS), await decision(office, cast.UMA)) == ("default", "blacklisted")
    assert (await office.api.delete(one)).status_code == 204
    assert (await decision(office, cast.UMA), await decision(office, "+33639980099")) == ("default", "blacklisted")


async def test_an_import_joins_what_was_added_by_hand_before_and_after(office: Office) -> None:
    await office.add_blacklisted()
    await imported(office, BLACKLIST, "+33639980098\n")
    await office.add_blacklisted(cast.UMA)
    await imported(office, BLACKLIST, "+33639980099\n")
    for caller in (cast.BORIS, "+33639980098", cast.UMA, "+33639980099"):
        assert await decision(office, caller) == "blacklisted", caller


async def test_another_companys_list_stays_as_it_is(office: Office) -> None:
    async with neighbour(office) as (nina, theirs):
        await imported(office, BLACKLIST, cast.BORIS, tenant=theirs.tenant)
        assert len((await nina.get(f"{API}/blacklist")).json()["items"]) == 1
    assert await listed(office) == []
    assert await decision(office, cast.BORIS) == "default"


async def add_boris(office: Office, tenant: str, number: str) -> None:
    async with editing(office.board.sessions, tenant, "test") as edit:
        await add_entry(edit, BLACKLIST, entry_form(BLACKLIST, number=number), office.clock.now())


async def test_other_edits_of_the_company_wait_for_an_import_and_those_of_others_do_not(office: Office) -> None:
    mine = office.company.tenant
    async with neighbour(office) as (_, theirs):
        async with office.board.sessions() as session, session.begin():
            await take_companys_turn(Edit(session, mine, "import"))
            waiting = asyncio.create_task(add_boris(office, mine, cast.BORIS))
            await add_boris(office, theirs.tenant, cast.BORIS)
            assert not waiting.done()
            await office.board.live_plan.catch_up()
        await waiting
    assert await listed(office) == [cast.BORIS]


async def test_an_edit_that_waits_too_long_is_told_why(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit_in_turn, "_PATIENCE", "50ms")
    async with office.board.sessions() as session, session.begin():
        await take_companys_turn(Edit(session, office.company.tenant, "import"))
        with pytest.raises(ImportUnderWay, match="LIST_IMPORT_UNDER_WAY"):
            await add_boris(office, office.company.tenant, cast.BORIS)
        refused = await office.api.post(f"{API}/blacklist", json={"number": cast.BORIS})
    assert (refused.status_code, refused.json()["code"]) == (409, "import-under-way")


async def test_no_row_of_the_database_that_calls_need_is_locked_by_an_import(office: Office) -> None:
    """The shipper writes, a worker reports its version and the plan is read while the merged rows wait for the commit."""
    async with office.board.sessions() as session, session.begin():
        await take_companys_turn(Edit(session, office.company.tenant, "import"))
        session.add(BlacklistEntry(tenant_id=office.company.tenant, match="exact", number=cast.BORIS))
        await session.flush()
        async with asyncio.timeout(20):
            call = await office.phones.place_call(cast.UMA, cast.LINE)
            await call.hang_up_after(5)
            await office.settled()
            await office.board.live_plan.catch_up()
        shown: list[Any] = (await office.api.get(f"{API}/calls")).json()["items"]
        assert len(shown) == 1


async def test_without_a_superusers_rights_the_foreign_key_checks_each_row(office: Office) -> None:
    """On a managed database nobody may switch it off; the import goes on all the same."""
    async with office.board.sessions() as session, session.begin():
        await session.execute(text("GRANT UPDATE ON company TO pg_read_all_data"))
        await session.execute(text("SET LOCAL ROLE pg_read_all_data"))
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        staging = Staging(raw, "blacklist_entry", "vip_entry")
        role = text("SELECT current_setting('session_replication_role')")
        await staging.hold_company(office.company.tenant)
        assert await session.scalar(role) == "origin"
        await session.execute(text("SET LOCAL ROLE NONE"))
        await staging.hold_company(office.company.tenant)
        assert await session.scalar(role) == "replica"
        await staging.release_company()
        assert await session.scalar(role) == "origin"
