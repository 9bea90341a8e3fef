"""Products and the borders between segments, edited by page."""

import re

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
BORDERS = "/settings/borders"


async def test_products_are_edited_by_page(office: Office) -> None:
    await office.add_client()
    async with signed_in(office, Role.ADMIN) as adam:
        assert "There is no product yet." in (await adam.get("/settings/products")).text
        added = await adam.post("/settings/products/new", data={"name": "Tea <b>", "segments": ["", "A", "lost"]})
        assert added.status_code == 303, added.text
        path = added.headers["location"].partition("?")[0]
        listed = (await adam.get("/settings/products")).text
        assert "Tea &lt;b&gt;" in listed
        assert "Meant for: A, Lost" in listed
        (tea,) = (await office.api.get(f"{API}/products")).json()["items"]
        assert (tea["name"], tea["segments"]) == ("Tea <b>", ["A", "lost"])
        again = await adam.post("/settings/products/new", data={"name": "Tea <b>"})
        assert again.status_code == 409
        for wrong in ({"name": ""}, {"name": "x" * 300}, {"name": "Pie", "segments": ["Q"]}):
            refused = await adam.post("/settings/products/new", data=wrong)
            assert refused.status_code == 422
            assert 'aria-invalid="true"' in refused.text, wrong
        assert (await adam.post(path, data={"name": "Green tea", "segments": [""]})).status_code == 303
        (tea,) = (await office.api.get(f"{API}/products")).json()["items"]
        assert (tea["name"], tea["segments"]) == ("Green tea", [])
        sold = f"client,date,amount,product\n{cast.CLARA},2026-07-04,300,Green tea\n"
        made = await office.api.post(f"{API}/sales/imports", content=sold, headers={"Content-Type": "text/csv"})
        await office.api.post(f"{API}/sales/imports/{made.json()['id']}/apply")
        assert (await adam.get(f"{path}/delete")).status_code == 200
        assert (await adam.post(f"{path}/delete")).status_code == 409, "it was sold"
        pie = (await adam.post("/settings/products/new", data={"name": "Pie"})).headers["location"].partition("?")[0]
        assert (await adam.post(f"{pie}/delete")).status_code == 303
        for gone in (pie, "/settings/products/nobody", "/settings/products/%00"):
            assert (await adam.get(gone)).status_code == 404
            assert (await adam.post(gone, data={"name": "Pie"})).status_code == 404


async def test_borders_are_edited_by_page(office: Office) -> None:
    category = await office.add_category("Regulars")
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get(BORDERS)).text
        assert 'name="abc_b" type="number" inputmode="decimal" min="0" max="100" step="any" value="79"' in page
        begins = dict(re.findall(r'name="(\w+)" type="number"[^>]* value="([^"]*)"', page))
        assert begins == {
            "months": "12", "new_months": "3", "lost_months": "3", "abc_a": "50", "abc_b": "79", "xyz_x": "10",
            "xyz_y": "25", "loyal_high": "75", "loyal_medium": "40",
        }  # fmt: skip
        typed = {"months": "6", "abc_a": "40,5", "rates": "usd 0.92\n\nGBP 1,15", "suggests_B": category["id"]}
        assert (await adam.post(BORDERS, data=typed)).status_code == 303
        stored = (await office.api.get(f"{API}/segments/borders")).json()
        assert (stored["months"], stored["abc_a"], stored["abc_b"]) == (6, 40.5, 79)
        assert stored["rates"] == {"USD": 0.92, "GBP": 1.15}
        assert stored["suggests"] == {"B": category["id"]}
        page = (await adam.get(BORDERS)).text
        assert 'value="40.5"' in page
        assert "GBP 1.15\nUSD 0.92" in page
        for field, wrong in (
            ("abc_b", {"abc_a": "80", "abc_b": "70"}), ("abc_b", {"abc_a": "80"}), ("xyz_y", {"xyz_x": "30"}),
            ("loyal_medium", {"loyal_medium": "90"}), ("months", {"months": "0"}), ("months", {"months": "x"}),
            ("abc_a", {"abc_a": "101"}), ("abc_a", {"abc_a": "nan"}), ("rates", {"rates": "USD"}),
            ("rates", {"rates": "USD x"}), ("rates", {"rates": "USD 1\nUSD 2"}), ("rates", {"rates": "Dollars 2"}),
            ("rates", {"rates": "USD 0"}), ("suggests", {"suggests_B": "nobody"}),
        ):  # fmt: skip
            refused = await adam.post(BORDERS, data=wrong)
            assert refused.status_code == 422, wrong
            assert f'id="{field}-fault"' in refused.text, (field, wrong)
        assert (await office.api.get(f"{API}/segments/borders")).json() == stored, "nothing of that was saved"
        assert (await adam.post(BORDERS, data={})).status_code == 303, "all as everybody begins"
        assert (await office.api.get(f"{API}/segments/borders")).json()["months"] == 12
