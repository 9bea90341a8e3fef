"""The page of segments: its pictures, the tables behind them, and which clients are looked at."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from app.auth.roles import Role
from app.segments.segment_figures import Wanted, contacts_by_segment, movement_of, revenue_curve, stages_by_month
from tests import cast
from tests.api import API, fault, made, neighbour, signed_in
from tests.looking import Looking
from tests.office import Office
from tests.segments.test_segments_api import import_sales

pytestmark = pytest.mark.anyio


async def computed(office: Office, category: str) -> dict[str, Any]:
    """The category, of which Clara is, who has called; Uma has none. Segments are computed from the sales of both."""
    of_clara = await office.add_category(category)
    await office.add_client(category_id=of_clara["id"])
    await office.add_client(cast.UMA, "Uma")
    await import_sales(office)
    await office.webhook("/twilio/voice", cast.CLARA, CallSid="CA" + "5" * 32)
    await office.settled()
    assert (await office.api.post(f"{API}/segments/compute")).status_code == 200
    return of_clara


async def test_the_pictures_say_what_the_tables_say(office: Office) -> None:
    category = await computed(office, "Regulars <b>")
    tenant = office.company.tenant
    async with office.board.sessions() as session:
        assert await revenue_curve(session, tenant, Wanted()) == [(50.0, 60.0), (100.0, 100.0)]
        assert await revenue_curve(session, tenant, Wanted(stage="lost")) == [(100.0, 100.0)]
        assert await revenue_curve(session, tenant, Wanted(abc="B")) == []
        movement = await movement_of(session, tenant, Wanted())
        regulars = await movement_of(session, tenant, Wanted(category=category["id"]))
        assert [(one.after, one.clients) for one in regulars if one.month == "2026-07"] == [("new", 1)], "Clara"
        nobodys = await movement_of(session, tenant, Wanted(category="none", stage="lost", abc="C"))
        assert [(one.after, one.clients) for one in nobodys if one.month == "2026-07"] == [("lost", 1)], "Uma"
        assert await movement_of(session, tenant, Wanted(category="none", abc="A")) == []
    months = dict(stages_by_month(movement))
    assert dict(months["2026-07"])["stage-new"] == 1, "Clara"
    assert dict(months["2026-07"])["stage-lost"] == 1, "Uma"
    async with signed_in(office, Role.SUPERVISOR) as susan:
        page = (await susan.get("/segments")).text
        assert page.count('<svg class="picture"') == 4
        assert page.count("<summary>Table</summary>") == 4, "one behind each"
        assert "None of these clients has complained." in page
        assert "A to 50" in page
        assert re.search(r"<td[^>]*>50\s?%</td><td[^>]*>60\s?%</td>", page.replace("\u202f", " "))
        assert "Regulars &lt;b&gt;" in page
        assert f'href="/clients?category={category["id"]}"' in page
        assert 'href="/segments?stage=lost"' in page
        for link in ("abc=A", "abc=C", "xyz=X", "stage=lost", "category=none"):
            assert f'href="/clients?{link}"' in page, link
        assert "<title>A: 1</title>" in page, "Clara called"
        mine = (await susan.get("/segments", params={"category": category["id"]})).text
        assert "€200.00" not in mine
        assert f'href="/segments?category={category["id"]}&amp;abc=A"' in mine
        assert f'href="/clients?category={category["id"]}&amp;xyz=X"' in mine
        others = (await susan.get("/segments", params={"category": "none", "stage": "lost"})).text
        assert "€200.00" in others
        assert "None of these clients has called." in others
        for hostile in ({"abc": "Q"}, {"stage": "%00"}, {"category": "\0"}, {"category": "x" * 26}, {"abc": "AB"}):
            told = await susan.get("/segments", params=hostile)
            assert told.status_code in {200, 422}, hostile
        nobody = (await susan.get("/segments", params={"abc": "B"})).text
        assert "There is no revenue." in nobody
        assert '<svg class="picture"' not in nobody
    async with neighbour(office) as (_api, theirs), office.board.sessions() as session:
        assert await revenue_curve(session, theirs.tenant, Wanted()) == []


async def test_calls_and_complaints_are_those_of_the_segments_clients(office: Office) -> None:
    clara, uma = await office.add_client(), await office.add_client(cast.UMA, "Uma")
    vera = await office.add_client(cast.VERA, "Vera")
    await import_sales(office)
    for place, caller in enumerate((cast.CLARA, cast.CLARA, cast.VERA, cast.BORIS)):
        await office.webhook("/twilio/voice", caller, CallSid="CA" + f"{place}" * 32)
    for one in (clara, uma, uma, vera):
        await made(office, "matters", text="Broken", kind="complaint", client_id=one["id"])
    await made(office, "matters", text="When?", kind="question", client_id=clara["id"])
    await office.settled()
    assert (await office.api.post(f"{API}/segments/compute")).status_code == 200

    async def found(tenant: str, wanted: Wanted) -> list[tuple[str, int, int]]:
        async with office.board.sessions() as session:
            contacts = await contacts_by_segment(session, tenant, wanted, office.clock.now())
        return [(one.segment, one.calls, one.complaints) for one in contacts]

    tenant = office.company.tenant
    assert await found(tenant, Wanted()) == [
        ("A", 2, 1),
        ("C", 0, 2),
        ("potential", 1, 1),
        ("new", 2, 1),
        ("lost", 0, 2),
    ]
    assert await found(tenant, Wanted(abc="A")) == [("A", 2, 1), ("new", 2, 1)]
    assert await found(tenant, Wanted(stage="potential")) == [("potential", 1, 1)]
    async with signed_in(office, Role.SUPERVISOR) as susan:
        page = (await susan.get("/segments")).text
        assert page.count('<svg class="picture"') == page.count("<summary>Table</summary>") == 5
        assert "<title>C: 2</title>" in page, "Uma complained twice"
        assert '<td class="number">2</td><td class="number">–</td>' in page, "and never called"
        assert '<td class="number">1</td><td class="number">50</td>' in page, "Clara: one for two calls"
        of_nobody = (await susan.get("/segments", params={"category": "none", "abc": "B"})).text
        assert "None of these clients has called." in of_nobody
    async with neighbour(office) as (_api, theirs):
        assert await found(theirs.tenant, Wanted()) == []


@pytest.mark.parametrize("width", [390, 1280])
async def test_columns_are_named_at_every_width(looking: Looking, width: int) -> None:
    office = looking.served.office
    await computed(office, "Regulars")
    page = await looking.panel(viewport={"width": width, "height": 900})
    await page.goto("/segments")
    for picture, names in (
        ("by-category", ["Regulars", "No category"]),
        ("movement", ["2026-07"]),
        ("called", ["A", "New"]),
    ):
        section = page.locator(f"section[aria-labelledby={picture}]")
        for name in names:
            shown = section.locator(".below:visible, .under-columns bdi:visible", has_text=re.compile(f"^{name}$"))
            await expect(shown).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_the_clients_of_a_segment_are_listed(office: Office) -> None:
    clara = await office.add_client(category_id=(await office.add_category("Regulars"))["id"])
    await office.add_client(cast.UMA, "Uma")
    await office.add_client(cast.VERA, "Vera")
    async with signed_in(office, Role.OPERATOR) as olga:
        assert 'name="abc"' not in (await olga.get("/clients")).text, "nothing to choose from before there are sales"
        await import_sales(office)
        assert (await office.api.post(f"{API}/segments/compute")).status_code == 200
        assert 'name="abc"' in (await olga.get("/clients")).text

        async def names(**filters: str) -> list[str]:
            pages = [(await olga.get("/clients", params=filters | {"sort": sort})).text for sort in ("name", "call")]
            found = [sorted(re.findall(r"<bdi>(Clara|Uma|Vera)</bdi>", page)) for page in pages]
            assert found[0] == found[1]
            listed = {"abc": "abc", "xyz": "xyz", "stage": "life_cycle"}
            if filters.keys() <= listed.keys():
                query = {listed[name]: value for name, value in filters.items()}
                items = (await office.api.get(f"{API}/clients", params=query)).json()["items"]
                assert sorted(one["name"] for one in items) == found[0]
            return found[0]

        assert await names(abc="A") == ["Clara"]
        assert await names(abc="C") == ["Uma"]
        assert await names(abc="B") == []
        assert await names(xyz="X") == ["Clara"]
        assert await names(stage="potential") == ["Vera"], "without sales"
        assert await names(stage="lost", abc="C") == ["Uma"]
        assert await names(stage="lost", abc="A") == []
        assert await names(abc="A", q="uma") == []
        assert await names(category="none") == ["Uma", "Vera"]
        assert await names(category=clara["category_id"], stage="new") == ["Clara"]
        page = (await olga.get("/clients", params={"abc": "A", "stage": "new"})).text
        assert '<option value="A" selected>' in page
        assert '<option value="new" selected>' in page
        for hostile in ({"abc": "Q"}, {"xyz": "\0"}, {"stage": "<b>"}, {"abc": "A" * 99}):
            assert (await olga.get("/clients", params=hostile)).status_code in {200, 422}, hostile
    for field, wrong in (("abc", "D"), ("xyz", "x"), ("life_cycle", "\0")):
        assert fault(await office.api.get(f"{API}/clients", params={field: wrong}))[0] == 422
    async with neighbour(office) as (api, _company):
        assert (await api.get(f"{API}/clients", params={"abc": "A"})).json()["items"] == []
