"""What a deleted client bought comes back with an undo, and is erased when there is none any more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.segments.keep_segments import compute_what_is_wanted
from models import GoneClient, ProductState, Sale
from tests import cast
from tests.api import API
from tests.office import Office
from tests.segments.test_segments_api import import_sales

pytestmark = pytest.mark.anyio


async def kept(office: Office) -> dict[str, int]:
    """How many sales there are, by client."""
    async with office.board.sessions() as session:
        rows = await session.execute(select(Sale.client_id, func.count()).group_by(Sale.client_id))
        return {row[0]: row[1] for row in rows}


async def test_sales_stay_for_thirty_days_and_no_longer(office: Office) -> None:
    clara, uma = await office.add_client(), await office.add_client(cast.UMA, "Uma")
    await import_sales(office)
    await compute_what_is_wanted(office.board)
    tea = (await office.api.get(f"{API}/products")).json()["items"][0]["id"]
    said = {"product_id": tea, "state": "refused"}
    assert (await office.api.put(f"{API}/clients/{clara['id']}/products", json=said)).status_code == 200
    assert (
        await office.api.post(f"{API}/clients/{uma['id']}/merge", json={"other_id": clara["id"]})
    ).status_code == 200
    assert (await office.api.delete(f"{API}/clients/{uma['id']}")).status_code in {200, 204}
    there = {clara["id"]: 3, uma["id"]: 1}
    await compute_what_is_wanted(replace(office.board, clock=lambda: office.clock.now() + timedelta(days=29)))
    assert await kept(office) == there, "they can still come back"
    await compute_what_is_wanted(replace(office.board, clock=lambda: office.clock.now() + timedelta(days=31)))
    assert await kept(office) == {}, "with those of whoever was merged into them"
    async with office.board.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(ProductState)) == 0
        assert (
            await session.scalar(select(func.count()).select_from(GoneClient).where(GoneClient.into_id.is_(None))) == 0
        )


async def test_sales_of_others_stay(office: Office) -> None:
    clara, uma = await office.add_client(), await office.add_client(cast.UMA, "Uma")
    await import_sales(office)
    await compute_what_is_wanted(office.board)
    assert (await office.api.delete(f"{API}/clients/{uma['id']}")).status_code in {200, 204}
    await compute_what_is_wanted(replace(office.board, clock=lambda: office.clock.now() + timedelta(days=31)))
    assert await kept(office) == {clara["id"]: 3}
