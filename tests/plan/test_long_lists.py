"""A long list lives once a host, in its number file; what happens to it afterwards counts at once all the same."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app.plan.load_plan import MOST_CHANGES
from tests import cast
from tests.plan.long_lists import LONG, LongLists, long_lists, number_in_list, serving

pytestmark = pytest.mark.anyio


@pytest.fixture
async def company(database_url: str) -> AsyncIterator[LongLists]:
    """A company whose blacklist is long."""
    async with long_lists(database_url) as made:
        await made.fill(number_in_list(place) for place in range(10_000, 10_000 + LONG))
        yield made


async def test_the_entries_of_a_long_list_are_in_its_number_file_and_not_among_the_rows(
    company: LongLists, data_dir: Path
) -> None:
    async with serving(company.url, data_dir) as worker:
        assert worker.live_plan.ready
        tenant = worker.live_plan.tenant(company.tenant)
        assert tenant.rows["blacklist_entry"] == {}
        assert len(tenant.numbers["blacklist_entry"].index) == LONG
        for place in (10_000, 12_345, 10_000 + LONG - 1):
            assert worker.labels(company.tenant, number_in_list(place)) == ["Boris"]
        assert worker.naming(company.tenant, cast.UMA) == []
    files = [path for path in (data_dir / "plan").rglob("*") if path.is_file()]
    assert files
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


async def test_several_workers_of_a_host_share_one_file(company: LongLists, data_dir: Path) -> None:
    async with serving(company.url, data_dir, "one") as one, serving(company.url, data_dir, "other") as other:
        assert one.generation(company.tenant) == other.generation(company.tenant)
        assert len(one.number_files()) == 1


async def test_workers_that_start_together_build_each_file_once(company: LongLists, data_dir: Path) -> None:
    async with company.connection() as connection:
        await connection.execute("INSERT INTO vip_entry (tenant_id, id, match, number) "
                                 "SELECT tenant_id, id, match, number FROM blacklist_entry")  # fmt: skip
    async with AsyncExitStack() as host:
        workers = [serving(company.url, data_dir, str(number)) for number in range(4)]
        async with asyncio.TaskGroup() as starting:
            started = [starting.create_task(host.enter_async_context(worker)) for worker in workers]
        assert all(one.result().live_plan.ready for one in started)
        assert len({one.result().generation(company.tenant) for one in started}) == 1
        assert len(started[0].result().number_files()) == 2


async def test_changes_of_entries_in_the_file_count_at_once_and_after_a_restart(
    company: LongLists, data_dir: Path
) -> None:
    deleted, renamed, moved, moved_to, added, gone = (
        number_in_list(place) for place in (10_001, 10_002, 10_003, 1, 2, 3)
    )
    async with serving(company.url, data_dir) as worker:
        await company.take_off(deleted)
        await company.change(renamed, label="Boris the Blade")
        await company.change(moved, number=moved_to)
        await company.add(added, label="new")
        await company.add(gone)
        await company.take_off(gone)
        await worker.live_plan.catch_up()
        await worker.keeper.save()
        expected = {
            deleted: [], renamed: ["Boris the Blade"], moved: [], moved_to: ["Boris"], added: ["new"], gone: [],
            number_in_list(10_004): ["Boris"],
        }  # fmt: skip
        assert {number: worker.labels(company.tenant, number) for number in expected} == expected
    async with serving(company.url, data_dir) as restarted:
        assert {number: restarted.labels(company.tenant, number) for number in expected} == expected
        await company.take_off(renamed)
        await company.change(added, label="newer")
        await restarted.live_plan.catch_up()
        assert restarted.labels(company.tenant, renamed) == []
        assert restarted.labels(company.tenant, added) == ["newer"]


async def test_an_entry_that_becomes_a_prefix_is_exact_no_longer(company: LongLists, data_dir: Path) -> None:
    number = number_in_list(10_005)
    async with serving(company.url, data_dir) as worker:
        await company.change(number, match="prefix", number=number[:-1])
        await worker.live_plan.catch_up()
        assert [str(entry.pattern) for entry in worker.naming(company.tenant, number)] == [number, f"{number[:-1]}*"][
            1:
        ]
        await company.change(number[:-1], match="exact", number=number)
        await worker.live_plan.catch_up()
        assert [str(entry.pattern) for entry in worker.naming(company.tenant, number)] == [number]
        await company.take_off(number)
        await worker.live_plan.catch_up()
        assert worker.naming(company.tenant, number) == []


async def test_an_import_changes_the_list_when_it_is_committed_and_not_before(
    company: LongLists, data_dir: Path
) -> None:
    imported = [number_in_list(place) for place in range(50_000, 51_000)]
    async with serving(company.url, data_dir) as worker:
        before = worker.generation(company.tenant)
        await company.add(number_in_list(7), label="added before")
        left_over = await company.import_numbers(imported, data_dir, commit=False)
        await worker.live_plan.catch_up()
        assert worker.naming(company.tenant, imported[0]) == []
        assert worker.generation(company.tenant) == before
        generation = await company.import_numbers(imported, data_dir)
        await worker.live_plan.catch_up()
        assert worker.generation(company.tenant) == generation
        assert worker.labels(company.tenant, imported[-1]) == ["imported"]
        assert worker.labels(company.tenant, number_in_list(7)) == ["added before"]
        assert worker.live_plan.tenant(company.tenant).rows["blacklist_entry"] == {}
        await company.take_off(imported[-1])
        await worker.live_plan.catch_up()
        assert worker.naming(company.tenant, imported[-1]) == []
    # Without a plan file too: the import's file counts, the one of the import that never was does not.
    (data_dir / "plan" / "plan.jsonl").unlink(missing_ok=True)
    async with serving(company.url, data_dir) as restarted:
        assert restarted.generation(company.tenant) == generation != left_over
        assert restarted.labels(company.tenant, imported[0]) == ["imported"]
        assert restarted.naming(company.tenant, imported[-1]) == []


async def test_another_host_serves_the_old_list_and_says_so_until_it_has_built_the_file(
    company: LongLists, data_dir: Path
) -> None:
    with tempfile.TemporaryDirectory() as elsewhere:
        async with serving(company.url, data_dir) as worker:
            version = worker.live_plan.version
            imported = [number_in_list(place) for place in range(50_000, 50_100)]
            generation = await company.import_numbers(imported, Path(elsewhere))
            await company.add(number_in_list(8), label="after the import")
            await worker.live_plan.catch_up()
            assert worker.live_plan.version == version
            assert worker.live_plan.stale_since is not None
            assert worker.labels(company.tenant, number_in_list(10_000)) == ["Boris"]
            assert worker.naming(company.tenant, imported[0]) == []
            await worker.catch_up_to(version + 2)
            assert worker.generation(company.tenant) == generation
            assert worker.labels(company.tenant, imported[0]) == ["imported"]
            assert worker.labels(company.tenant, number_in_list(8)) == ["after the import"]
            assert worker.live_plan.stale_since is None


async def test_a_list_that_has_changed_a_lot_gets_a_new_file_which_all_workers_take(
    company: LongLists, data_dir: Path
) -> None:
    async with serving(company.url, data_dir, "one") as one, serving(company.url, data_dir, "other") as other:
        old = one.generation(company.tenant)
        await company.take_off(number_in_list(10_000))
        await company.add_many([number_in_list(place) for place in range(60_000, 60_000 + MOST_CHANGES)])
        for worker in (one, other):
            await worker.live_plan.catch_up()
            assert worker.live_plan.tenant(company.tenant).weight("blacklist_entry") > MOST_CHANGES
        await one.keeper.compact()
        await company.add(number_in_list(9), label="after the compaction")
        await company.take_off(number_in_list(60_001))
        await other.live_plan.catch_up()
        await other.keeper.compact()
        await one.live_plan.catch_up()
        assert one.generation(company.tenant) == other.generation(company.tenant) != old
        for worker in (one, other):
            assert worker.live_plan.tenant(company.tenant).weight("blacklist_entry") == 2
            assert worker.naming(company.tenant, number_in_list(10_000)) == []
            assert worker.labels(company.tenant, number_in_list(10_001)) == ["Boris"]
            assert worker.labels(company.tenant, number_in_list(60_000)) == [""]
            assert worker.naming(company.tenant, number_in_list(60_001)) == []
            assert worker.labels(company.tenant, number_in_list(9)) == ["after the compaction"]


async def test_a_short_list_that_grows_gets_a_file_too(database_url: str, data_dir: Path) -> None:
    async with long_lists(database_url) as company, serving(company.url, data_dir) as worker:
        await company.add_many([number_in_list(place) for place in range(MOST_CHANGES + 1)])
        await worker.live_plan.catch_up()
        assert worker.generation(company.tenant) is None
        await worker.keeper.compact()
        assert worker.generation(company.tenant) is not None
        assert worker.live_plan.tenant(company.tenant).rows["blacklist_entry"] == {}
        assert len(worker.naming(company.tenant, number_in_list(0))) == 1


async def test_files_that_no_plan_needs_are_removed_when_they_are_old(company: LongLists, data_dir: Path) -> None:
    async with serving(company.url, data_dir) as worker:
        old = worker.generation(company.tenant)
        left_over = await company.import_numbers([number_in_list(1)], data_dir, commit=False)
        generation = await company.import_numbers([number_in_list(1)], data_dir)
        await worker.live_plan.catch_up()
        await worker.keeper.save()
        assert worker.number_files() == {old, left_over, generation}
        for path in (data_dir / "plan" / "numbers").iterdir():
            os.utime(path, (0, 0))
        await company.take_off(number_in_list(10_000))
        await worker.live_plan.catch_up()
        await worker.keeper.save()
        assert worker.number_files() == {generation}
        assert worker.labels(company.tenant, number_in_list(1)) == ["imported"]
