"""A worker that starts takes up the saved plan and the changes made since, of this database and of no other."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.base.database import create_engine
from app.migrate import migrate
from app.plan.build_plan import by_hand, presence
from app.plan.plan_file import FORMAT, PlanFileUnusable, plan_path, read_plan_file, read_plan_header
from filters.number_index import NumberIndexDamaged
from tests import cast
from tests.plan.long_lists import LONG, LongLists, long_lists, number_in_list, serving

pytestmark = pytest.mark.anyio


@pytest.fixture
async def company(database_url: str) -> AsyncIterator[LongLists]:
    """A company with one blacklisted number."""
    async with long_lists(database_url) as made:
        await made.add(cast.BORIS, label="Boris")
        yield made


async def save(company: LongLists, data_dir: Path) -> None:
    """Leave the plan file of this moment behind."""
    async with serving(company.url, data_dir) as worker:
        await worker.keeper.save()


async def rename_behind_the_back(company: LongLists) -> None:
    """Who loads everything anew sees it; who takes up the saved plan does not, because no change says so."""
    async with company.connection() as connection:
        await connection.execute("UPDATE blacklist_entry SET label = 'loaded anew'")


async def test_a_restarted_worker_goes_on_from_the_saved_plan(company: LongLists, data_dir: Path) -> None:
    await save(company, data_dir)
    assert plan_path(data_dir).stat().st_mode & 0o077 == 0
    await rename_behind_the_back(company)
    await company.add(cast.UMA, label="added while nobody served")
    async with serving(company.url, data_dir) as worker:
        assert worker.live_plan.ready
        assert worker.labels(company.tenant, cast.BORIS) == ["Boris"]
        assert worker.labels(company.tenant, cast.UMA) == ["added while nobody served"]
        assert worker.live_plan.accounts("twilio", cast.ACCOUNT_SID) == ((company.tenant, (cast.AUTH_TOKEN,)),)
        plan = worker.live_plan.plan_of(company.tenant)
        assert plan is not None
        assert plan.revision == worker.live_plan.version
        assert list(plan.lines) == [cast.LINE]


async def test_the_saved_plan_holds_no_secret_in_the_clear(company: LongLists, data_dir: Path) -> None:
    await save(company, data_dir)
    assert cast.AUTH_TOKEN.encode() not in plan_path(data_dir).read_bytes()


async def test_a_gap_in_the_versions_means_that_everything_is_loaded(company: LongLists, data_dir: Path) -> None:
    await save(company, data_dir)
    await company.add(cast.UMA, label="lost change")
    await company.add(cast.CLARA)
    async with company.connection() as connection:
        await connection.execute("DELETE FROM plan_change WHERE row->>'label' = 'lost change'")
    async with serving(company.url, data_dir) as worker:
        assert worker.labels(company.tenant, cast.UMA) == ["lost change"]


async def test_a_backup_that_was_restored_takes_the_plan_back(company: LongLists, data_dir: Path) -> None:
    await company.add(cast.UMA, label="after the backup")
    await save(company, data_dir)
    async with company.connection() as connection:
        await connection.execute("DELETE FROM plan_change WHERE row->>'label' = 'after the backup'")
        await connection.execute("DELETE FROM blacklist_entry WHERE label = 'after the backup'")
        await connection.execute("UPDATE plan_version SET version = version - 1")
    async with serving(company.url, data_dir) as worker:
        assert worker.naming(company.tenant, cast.UMA) == []


async def test_a_restored_backup_with_other_edits_since_is_told_by_when_they_were_made(
    company: LongLists, data_dir: Path
) -> None:
    await company.add(cast.UMA, label="after the backup")
    await save(company, data_dir)
    async with company.connection() as connection:
        await connection.execute("DELETE FROM plan_change WHERE row->>'label' = 'after the backup'")
        await connection.execute("DELETE FROM blacklist_entry WHERE label = 'after the backup'")
        await connection.execute("UPDATE plan_version SET version = version - 1")
    await company.add(cast.CLARA, label="instead of it")
    await company.add(cast.MARTIN)
    async with serving(company.url, data_dir) as worker:
        assert worker.naming(company.tenant, cast.UMA) == []
        assert worker.labels(company.tenant, cast.CLARA) == ["instead of it"]
        await worker.keeper.save()
        on_disk = read_plan_header(data_dir)
        assert on_disk is not None
        assert on_disk.stands_for == worker.live_plan.stands_for


async def test_a_running_worker_notices_a_restored_backup_too(company: LongLists, data_dir: Path) -> None:
    await company.add(cast.UMA, label="after the backup")
    async with serving(company.url, data_dir) as worker:
        async with company.connection() as connection:
            await connection.execute("DELETE FROM plan_change WHERE row->>'label' = 'after the backup'")
            await connection.execute("DELETE FROM blacklist_entry WHERE label = 'after the backup'")
            await connection.execute("UPDATE plan_version SET version = version - 1")
        await worker.live_plan.catch_up()
        assert worker.naming(company.tenant, cast.UMA) == []


async def test_the_plan_of_another_database_is_not_taken_up(
    company: LongLists, empty_database_url: str, data_dir: Path
) -> None:
    await company.fill(number_in_list(place) for place in range(LONG))
    await save(company, data_dir)
    engine = create_engine(empty_database_url)
    await migrate(engine)
    await engine.dispose()
    async with long_lists(empty_database_url) as other:
        await other.fill((number_in_list(place) for place in range(LONG, 2 * LONG)), "the other's")
        async with serving(other.url, data_dir) as worker:
            assert worker.live_plan.plan_of(company.tenant) is None
            assert worker.labels(other.tenant, number_in_list(LONG)) == ["the other's"]
            assert worker.naming(other.tenant, number_in_list(0)) == []
            await worker.keeper.save()
        async with serving(other.url, data_dir) as worker:
            assert worker.live_plan.plan_of(company.tenant) is None


async def test_any_damage_to_the_plan_file_is_noticed_and_the_database_asked(
    company: LongLists, data_dir: Path
) -> None:
    await save(company, data_dir)
    whole, random_ = plan_path(data_dir).read_bytes(), random.Random(5)
    for _ in range(200):
        damaged = bytearray(whole)
        if random_.random() < 0.5:
            damaged = damaged[: random_.randrange(len(damaged))]
        else:
            damaged[random_.randrange(len(damaged))] ^= 1 << random_.randrange(8)
        plan_path(data_dir).write_bytes(damaged)
        with pytest.raises(PlanFileUnusable):
            read_plan_file(data_dir)
    await rename_behind_the_back(company)
    async with serving(company.url, data_dir) as worker:
        assert worker.labels(company.tenant, cast.BORIS) == ["loaded anew"]
        await worker.keeper.save()
    assert read_plan_header(data_dir) is not None


async def test_a_plan_file_of_another_version_is_left_alone(company: LongLists, data_dir: Path) -> None:
    await save(company, data_dir)
    lines = plan_path(data_dir).read_text().splitlines(keepends=True)
    header = json.loads(lines[0])
    for change in ({"format": FORMAT + 1}, {"rows": "of another shape"}):
        plan_path(data_dir).write_text("".join([json.dumps(header | change) + "\n", *lines[1:]]))
        assert read_plan_header(data_dir) is None
    await rename_behind_the_back(company)
    async with serving(company.url, data_dir) as worker:
        assert worker.labels(company.tenant, cast.BORIS) == ["loaded anew"]


async def test_a_number_file_that_is_damaged_or_gone_is_built_anew(company: LongLists, data_dir: Path) -> None:
    await company.fill(number_in_list(place) for place in range(LONG))
    await save(company, data_dir)
    for damage in (lambda content: content[:-1], lambda content: content[:5000] + b"\xff" + content[5001:], None):
        (path,) = (data_dir / "plan" / "numbers").iterdir()
        if damage is None:
            path.unlink()
        else:
            path.write_bytes(damage(path.read_bytes()))
        with pytest.raises((NumberIndexDamaged, FileNotFoundError)):
            read_plan_file(data_dir)
        async with serving(company.url, data_dir) as worker:
            assert worker.labels(company.tenant, number_in_list(LONG - 1)) == ["Boris"]
            assert worker.labels(company.tenant, cast.BORIS) == ["Boris"]
            await worker.keeper.save()


async def test_of_several_workers_each_may_save_and_the_newest_plan_stays(company: LongLists, data_dir: Path) -> None:
    async with serving(company.url, data_dir, "one") as one, serving(company.url, data_dir, "other") as other:
        await company.add(cast.UMA)
        await one.live_plan.catch_up()
        await asyncio.gather(one.keeper.save(), other.keeper.save(), one.keeper.save(), other.keeper.save())
        await one.keeper.save()
        await other.keeper.save()
        on_disk = read_plan_header(data_dir)
        assert on_disk is not None
        assert on_disk.stands_for.version == one.live_plan.version > other.live_plan.version
    assert not list((data_dir / "plan").glob(".*"))


async def test_without_the_database_the_saved_plan_is_served_and_its_age_told(
    company: LongLists, data_dir: Path
) -> None:
    await company.fill(number_in_list(place) for place in range(LONG))
    async with serving(company.url, data_dir) as worker:
        await worker.keeper.save()
        fresh_at = worker.live_plan.fresh_at
    async with serving("postgresql+asyncpg://nobody@127.0.0.1:1/nothing", data_dir) as alone:
        assert alone.live_plan.ready
        assert alone.labels(company.tenant, cast.BORIS) == ["Boris"]
        assert alone.labels(company.tenant, number_in_list(LONG - 1)) == ["Boris"]
        assert alone.live_plan.stale_since == alone.live_plan.fresh_at
        assert abs((alone.live_plan.fresh_at - fresh_at).total_seconds()) < 0.001


async def test_without_the_database_and_without_a_usable_plan_nothing_is_served(
    company: LongLists, data_dir: Path
) -> None:
    await company.fill(number_in_list(place) for place in range(LONG))
    await save(company, data_dir)
    for path in (data_dir / "plan" / "numbers").iterdir():
        path.write_bytes(path.read_bytes()[:-1])  # serving without it would let every blacklisted caller through
    async with serving("postgresql+asyncpg://nobody@127.0.0.1:1/nothing", data_dir) as alone:
        assert not alone.live_plan.ready
        assert alone.live_plan.plan_of(company.tenant) is None
        assert alone.live_plan.accounts("twilio", cast.ACCOUNT_SID) == ()


async def test_the_file_knows_until_when_it_was_the_newest_plan(company: LongLists, data_dir: Path) -> None:
    async with serving(company.url, data_dir) as worker:
        await worker.keeper.keep()
        await worker.keeper.keep()
        fresh_at = worker.live_plan.fresh_at
    assert abs((read_plan_file(data_dir).fresh_at - fresh_at).total_seconds()) < 0.001


def test_an_end_that_no_calendar_reaches_is_none() -> None:
    never = "9999-12-31T23:59:59+00:00"
    said = by_hand({"by_hand": "closed", "by_hand_until": never})
    assert said is not None
    assert said.until is None, "the next call would ask when it opens again"
    columns = {"presence_reason": "", "presence_since": None, "presence_left": False}
    assert presence({"presence": "break", "presence_until": never} | columns).until is None
