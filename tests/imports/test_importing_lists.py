"""A file becomes entries: only the good ones, only what contradicts nothing, all at once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.errors import ImportUnderWay
from app.imports.report import SkipReason
from app.imports.staging import Staging
from app.plan import edit_in_turn
from app.plan.edit import Edit, editing
from app.plan.edit_in_turn import take_companys_turn
from app.plan.edit_list_entries import EntryForm, add_entry
from app.plan.edit_list_names import ListName
from models import AuditEntry, BlacklistEntry, PlanChange, PlanVersion
from tests import cast
from tests.admin_api.people import API, neighbour
from tests.house import House
from tests.imports.importing import imported

pytestmark = pytest.mark.anyio
VIP, BLACKLIST = ListName.VIP, ListName.BLACKLIST


async def decision(house: House, caller: str) -> str:
    answer = await house.api.post(f"{API}/explain", json={"from": caller, "to": cast.LINE})
    code: str = answer.json()["reason"]["code"]
    return code


async def listed(house: House, name: ListName = BLACKLIST) -> list[str]:
    async with house.board.sessions() as session:
        mine = name.model.tenant_id == house.company.tenant
        return sorted((await session.scalars(select(name.model.number).where(mine))).all())


async def versions(house: House) -> tuple[int, int]:
    async with house.board.sessions() as session:
        version = await session.scalar(select(PlanVersion.version))
        return version or 0, await session.scalar(select(func.count()).select_from(PlanChange)) or 0


async def test_an_imported_caller_is_blacklisted_from_the_next_call_on(house: House) -> None:
    assert await decision(house, cast.BORIS) == "default"
    report = await imported(house, BLACKLIST, "06 39 98 00 02\n+33639980099\n")
    assert (report.rows, report.added, report.bad) == (2, 2, 0)
    assert await decision(house, cast.BORIS) == "blacklisted"
    assert await decision(house, cast.UMA) == "default"
    call = await house.phones.place_call(cast.BORIS, cast.LINE)
    await call.hang_up_after(60)
    assert call.connected_to is None


async def test_an_imported_vip_walks_straight_in(house: House) -> None:
    await house.add_manager()
    await imported(house, VIP, f"number,label\n{cast.VERA},Vera\n")
    assert await decision(house, cast.VERA) == "vip"


async def test_prefixes_ranges_and_countries_count_as_well(house: House) -> None:
    content = "number,match,to\n+33899,prefix,\n+33639981000,range,+33639981999\nRU,country,\n+33639980099,,\n"
    assert (await imported(house, BLACKLIST, content)).added == 4
    for caller in ("+33899123456", "+33639981500", "+74951234567", "+33639980099"):
        assert await decision(house, caller) == "blacklisted", caller


async def test_the_good_lines_are_imported_and_each_bad_one_is_reported(house: House) -> None:
    content = f"number,expires_at\n{cast.BORIS},\nabc,\n112,\n{cast.UMA},yesterday\n+33639980098,2020-01-01\n"
    report = await imported(house, BLACKLIST, content)
    assert await listed(house) == [cast.BORIS]
    assert [(one.line, one.field) for one in report.problems] == [(3, "number"), (4, "number"), (5, "expires_at")]
    assert dict(report.skipped) == {SkipReason.EXPIRED: 1}


async def test_what_contradicts_the_house_is_left_out_with_the_reason(house: House) -> None:
    await house.add_operator()
    await house.add_vip(label="Vera Fournier")
    await house.add_vip("+33899", match="prefix")
    await house.add_vip("+33639981000", match="range", to="+33639981999")
    await house.add_client(name="Clara", standing="vip")
    await house.add_client("+33639980097", name="Switchboard", standing="vip", shared=True)
    await house.add_blacklisted()
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
    report = await imported(house, BLACKLIST, content)
    left_out = {one.line: (one.why, one.about) for one in report.left_out}
    assert left_out == {
        2: (SkipReason.PROTECTED, "your own line Main line"),
        3: (SkipReason.PROTECTED, "the number of the operator Olga"),
        4: (SkipReason.OPPOSITE, "Vera Fournier"),
        5: (SkipReason.CLIENT, "Clara"),
        7: (SkipReason.LISTED, "Boris"),
        9: (SkipReason.TWICE, "8"),
        10: (SkipReason.OPPOSITE, "Vera"),
        11: (SkipReason.OPPOSITE, "Vera"),
    }
    assert report.added == 2
    assert await listed(house) == [cast.BORIS, "+33639980096", "+33639980097"]
    assert await decision(house, cast.VERA) == "vip"


async def test_an_opposite_entry_that_has_expired_is_in_nobodys_way(house: House) -> None:
    await house.add_vip(cast.BORIS, expires_at=house.clock.now())
    assert (await imported(house, BLACKLIST, cast.BORIS)).added == 1


async def test_the_vip_list_takes_protected_numbers(house: House) -> None:
    await house.add_operator()
    assert (await imported(house, VIP, cast.OLGA)).added == 1


async def test_a_preview_says_the_same_and_changes_nothing(house: House) -> None:
    await house.add_vip()
    before = await versions(house)
    content = f"number\n{cast.VERA}\n{cast.BORIS}\nabc\n{cast.BORIS}\n"
    preview = await imported(house, BLACKLIST, content, preview=True)
    assert (await listed(house), await versions(house)) == ([], before)
    applied = await imported(house, BLACKLIST, content)
    same = ("rows", "added", "bad", "problems", "skipped", "left_out")
    assert [getattr(preview, name) for name in same] == [getattr(applied, name) for name in same]


async def test_an_import_is_one_change_and_one_audit_entry_with_the_counts(house: House) -> None:
    before, _ = await versions(house)
    report = await imported(house, BLACKLIST, f"{cast.BORIS}\n{cast.UMA}\nabc\n")
    assert report.version == before + 1
    async with house.board.sessions() as session:
        change = await session.get_one(PlanChange, report.version)
        audits = (await session.scalars(select(AuditEntry).where(AuditEntry.act == "import"))).all()
    assert (change.subject, change.row_id, list(change.row or {})) == ("blacklist_entry", "*", ["generation"])
    assert [(one.subject, one.row_id, one.after) for one in audits] == [
        ("blacklist_entry", "*", {"rows": 3, "added": 2, "bad": 1, "skipped": {}})
    ]


async def test_a_second_run_adds_nothing_and_is_no_change(house: House) -> None:
    content = "number,match\n+33639980002,\n+33899,prefix\nRU,country\n"
    await imported(house, BLACKLIST, content)
    before = await versions(house)
    again = await imported(house, BLACKLIST, content)
    assert (again.added, again.skipped[SkipReason.LISTED], again.version) == (0, 3, 0)
    assert await versions(house) == before


async def test_an_imported_entry_can_be_read_changed_and_taken_off(house: House) -> None:
    content = "number,label,lines,treatment\n" + f"{cast.BORIS},Boris,{cast.LINE},busy\n+33639980099,x,,\n"
    await imported(house, BLACKLIST, content)
    found = (await house.api.get(f"{API}/blacklist", params={"number": cast.BORIS})).json()["items"]
    assert [(one["label"], one["treatment"], one["lines"]) for one in found] == [
        ("Boris", "busy", [house.company.line_id])
    ]
    assert (found[0]["created_by"], len(found[0]["id"])) == ("test", 20)
    one = f"{API}/blacklist/{found[0]['id']}"
    assert (await house.api.patch(one, json={"number": cast.UMA})).status_code == 200
    assert (await decision(house, cast.BORIS), await decision(house, cast.UMA)) == ("default", "blacklisted")
    assert (await house.api.delete(one)).status_code == 204
    assert (await decision(house, cast.UMA), await decision(house, "+33639980099")) == ("default", "blacklisted")


async def test_an_import_joins_what_was_added_by_hand_before_and_after(house: House) -> None:
    await house.add_blacklisted()
    await imported(house, BLACKLIST, "+33639980098\n")
    await house.add_blacklisted(cast.UMA)
    await imported(house, BLACKLIST, "+33639980099\n")
    for caller in (cast.BORIS, "+33639980098", cast.UMA, "+33639980099"):
        assert await decision(house, caller) == "blacklisted", caller


async def test_another_companys_list_stays_as_it_is(house: House) -> None:
    async with neighbour(house) as (nina, theirs):
        await imported(house, BLACKLIST, cast.BORIS, tenant=theirs.tenant)
        assert len((await nina.get(f"{API}/blacklist")).json()["items"]) == 1
    assert await listed(house) == []
    assert await decision(house, cast.BORIS) == "default"


async def add_boris(house: House, tenant: str, number: str) -> None:
    async with editing(house.board.sessions, tenant, "test") as edit:
        await add_entry(edit, BLACKLIST, EntryForm(number), house.clock.now())


async def test_other_edits_of_the_company_wait_for_an_import_and_those_of_others_do_not(house: House) -> None:
    mine = house.company.tenant
    async with neighbour(house) as (_, theirs):
        async with house.board.sessions() as session, session.begin():
            await take_companys_turn(Edit(session, mine, "import"))
            waiting = asyncio.create_task(add_boris(house, mine, cast.BORIS))
            await add_boris(house, theirs.tenant, cast.BORIS)
            assert not waiting.done()
            await house.board.live_plan.catch_up()
        await waiting
    assert await listed(house) == [cast.BORIS]


async def test_an_edit_that_waits_too_long_is_told_why(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit_in_turn, "_PATIENCE", "50ms")
    async with house.board.sessions() as session, session.begin():
        await take_companys_turn(Edit(session, house.company.tenant, "import"))
        with pytest.raises(ImportUnderWay, match="being imported"):
            await add_boris(house, house.company.tenant, cast.BORIS)
        refused = await house.api.post(f"{API}/blacklist", json={"number": cast.BORIS})
    assert (refused.status_code, refused.json()["code"]) == (409, "import-under-way")


async def test_no_row_of_the_database_that_calls_need_is_locked_by_an_import(house: House) -> None:
    """The shipper writes, a worker reports its version and the plan is read while the merged rows wait for the commit."""
    async with house.board.sessions() as session, session.begin():
        await take_companys_turn(Edit(session, house.company.tenant, "import"))
        session.add(BlacklistEntry(tenant_id=house.company.tenant, match="exact", number=cast.BORIS))
        await session.flush()
        async with asyncio.timeout(20):
            call = await house.phones.place_call(cast.UMA, cast.LINE)
            await call.hang_up_after(5)
            await house.settled()
            await house.board.live_plan.catch_up()
        shown: list[Any] = (await house.api.get(f"{API}/calls")).json()["items"]
        assert len(shown) == 1


async def test_without_a_superusers_rights_the_foreign_key_checks_each_row(house: House) -> None:
    """On a managed database nobody may switch it off; the import goes on all the same."""
    async with house.board.sessions() as session, session.begin():
        await session.execute(text("GRANT UPDATE ON company TO pg_read_all_data"))
        await session.execute(text("SET LOCAL ROLE pg_read_all_data"))
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        staging = Staging(raw, "blacklist_entry", "vip_entry")
        role = text("SELECT current_setting('session_replication_role')")
        await staging.hold_company(house.company.tenant)
        assert await session.scalar(role) == "origin"
        await session.execute(text("SET LOCAL ROLE NONE"))
        await staging.hold_company(house.company.tenant)
        assert await session.scalar(role) == "replica"
        await staging.release_company()
        assert await session.scalar(role) == "origin"
