"""The page of segments: its pictures, the tables behind them, and which clients are looked at."""

import re

import pytest

from app.auth.roles import Role
from app.segments.segment_figures import Wanted, movement_of, revenue_curve, stages_by_month
from tests import cast
from tests.api import API, neighbour, signed_in
from tests.office import Office
from tests.segments.test_segments_api import import_sales

pytestmark = pytest.mark.anyio


async def test_the_pictures_say_what_the_tables_say(office: Office) -> None:
    category = await office.add_category("Regulars <b>")
    await office.add_client(category_id=category["id"])
    await office.add_client(cast.UMA, "Uma")
    await import_sales(office)
    await office.webhook("/twilio/voice", cast.CLARA, CallSid="CA" + "5" * 32)
    await office.settled()
    assert (await office.api.post(f"{API}/segments/compute")).status_code == 200
    tenant = office.company.tenant
    async with office.board.sessions() as session:
        assert await revenue_curve(session, tenant, Wanted()) == [(50.0, 60.0), (100.0, 100.0)]
        assert await revenue_curve(session, tenant, Wanted(stage="lost")) == [(100.0, 100.0)]
        assert await revenue_curve(session, tenant, Wanted(abc="B")) == []
        movement = await movement_of(session, tenant)
    months = dict(stages_by_month(movement))
    assert dict(months["2026-07"])["stage-new"] == 1, "Clara"
    assert dict(months["2026-07"])["stage-lost"] == 1, "Uma"
    async with signed_in(office, Role.SUPERVISOR) as susan:
        page = (await susan.get("/segments")).text
        assert page.count('<svg class="picture"') == 4
        assert page.count("<summary>Table</summary>") == 4, "one behind each"
        assert "A to 50" in page
        assert re.search(r"<td[^>]*>50\s?%</td><td[^>]*>60\s?%</td>", page.replace("\u202f", " "))
        assert "Regulars &lt;b&gt;" in page
        assert f'href="/clients?category={category["id"]}"' in page
        assert 'href="/segments?stage=lost"' in page
        assert "<title>A: 1</title>" in page, "Clara called"
        mine = (await susan.get("/segments", params={"category": category["id"]})).text
        assert "€200.00" not in mine
        assert f'href="/segments?category={category["id"]}&amp;abc=A"' in mine
        others = (await susan.get("/segments", params={"category": "none", "stage": "lost"})).text
        assert "€200.00" in others
        assert "None of these clients has called." in others
        for hostile in ({"abc": "Q"}, {"stage": "%00"}, {"category": "\0"}, {"category": "x" * 26}, {"abc": "AB"}):
            told = await susan.get("/segments", params=hostile)
            assert told.status_code in {200, 422}, hostile
        nobody = (await susan.get("/segments", params={"abc": "B"})).text
        assert "There is no revenue." in nobody
    async with neighbour(office) as (_api, theirs), office.board.sessions() as session:
        assert await revenue_curve(session, theirs.tenant, Wanted()) == []
