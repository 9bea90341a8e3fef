"""Products: for whom they are meant, who has them, and what else to offer."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.roles import Role
from app.sales.offer import ASKED_AGAIN_AFTER, ProductFor, product_to_offer
from models.segment import LifeCycle, ProductStanding
from tests import cast
from tests.api import API, fault, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
TODAY = date(2026, 7, 24)
PRODUCTS = st.lists(
    st.builds(
        ProductFor, st.text(max_size=3), st.text(max_size=3), st.booleans(), st.sampled_from(ProductStanding),
        st.none() | st.dates(date(2026, 1, 1), TODAY), st.integers(0, 5),
    ),
    unique_by=lambda one: one.id,
)  # fmt: skip


@given(products=PRODUCTS)
def test_one_product_is_offered_or_none(products: list[ProductFor]) -> None:
    best = product_to_offer(products, TODAY)
    assert product_to_offer(reversed(products), TODAY) == best, "the order of the products decides nothing"
    if best is None:
        assert not any(one.meant and one.standing is ProductStanding.NOT_YET for one in products)
        return
    assert best.meant
    assert best.standing in {ProductStanding.NOT_YET, ProductStanding.OFFERED}
    if best.standing is ProductStanding.OFFERED:
        assert best.at is None or best.at + ASKED_AGAIN_AFTER <= TODAY


def test_what_most_have_is_offered_first_and_nothing_twice_in_a_month() -> None:
    tea = ProductFor("1", "Tea", True, ProductStanding.NOT_YET, None, 3)
    cake = ProductFor("2", "Cake", True, ProductStanding.NOT_YET, None, 5)
    asked = ProductFor("3", "Pie", True, ProductStanding.OFFERED, TODAY - timedelta(days=29), 9)
    assert product_to_offer([tea, cake, asked], TODAY) is cake
    assert product_to_offer([asked], TODAY) is None
    assert product_to_offer([asked], TODAY + timedelta(days=1)) is asked


async def test_the_matrix_and_a_clients_products(office: Office) -> None:
    clara, uma = await office.add_client(), await office.add_client(cast.UMA, "Uma")
    sold = (
        f"client,date,amount,product\n{cast.CLARA},2026-07-04,300,Tea\n{cast.UMA},2026-07-05,10,Tea\n"
        f"{cast.CLARA},2026-07-06,-5,Cake\n"
    )
    made = await office.api.post(f"{API}/sales/imports", content=sold, headers={"Content-Type": "text/csv"})
    await office.api.post(f"{API}/sales/imports/{made.json()['id']}/apply")
    added = await office.api.post(f"{API}/products", json={"name": "Pie", "segments": ["A", "new"]})
    assert added.status_code == 201, added.text
    by_name = {one["name"]: one["id"] for one in (await office.api.get(f"{API}/products")).json()["items"]}
    assert set(by_name) == {"Tea", "Cake", "Pie"}
    assert (await office.api.post(f"{API}/segments/compute")).status_code == 200
    mine = f"{API}/clients/{clara['id']}/products"
    states = {one["product"]: one for one in (await office.api.get(mine)).json()["items"]}
    assert (states["Tea"]["state"], states["Tea"]["at"]) == ("has", "2026-07-04")
    assert (states["Cake"]["state"], states["Cake"]["meant"]) == ("not_yet", False), "a return is no purchase"
    assert (states["Pie"]["state"], states["Pie"]["meant"], states["Pie"]["to_offer"]) == ("not_yet", True, True)
    refused = await office.api.put(mine, json={"product_id": by_name["Pie"], "state": "refused"})
    assert refused.status_code == 200, refused.text
    pie = next(one for one in refused.json()["items"] if one["product"] == "Pie")
    assert (pie["state"], pie["at"], pie["to_offer"]) == ("refused", "2026-07-24", False)
    matrix = (await office.api.get(f"{API}/products/matrix")).json()
    cells = {(one["segment"], one["product"]): one for one in matrix["cells"]}
    assert len(cells) == len(matrix["segments"]) * 3
    tea, pie_id = by_name["Tea"], by_name["Pie"]
    assert [cells["new", tea][name] for name in ("has", "offered", "refused", "meant")] == [2, 0, 0, False]
    assert [cells["A", pie_id][name] for name in ("has", "offered", "refused", "meant")] == [0, 0, 1, True]
    segments = (await office.api.get(f"{API}/clients/{uma['id']}")).json()["segments"]
    assert (segments["reasons"]["products_used"], segments["reasons"]["products_meant"]) == (0, 1)
    assert fault(await office.api.delete(f"{API}/products/{tea}"))[:2] == (409, "in-use")
    assert (await office.api.delete(f"{API}/products/{pie_id}")).status_code == 204


async def test_the_matrix_counts_what_each_clients_page_says(office: Office) -> None:
    """Sales and words before and after each other, of several clients."""
    dice = random.Random(7)
    clients = [(await office.add_client(f"+3363998{n:04}", f"Client {n}"))["id"] for n in range(8)]
    sold = "client,date,amount,product\n" + "".join(
        f"+3363998{n:04},2026-0{dice.randint(1, 7)}-1{dice.randint(0, 9)},{dice.randint(1, 300)},{product}\n"
        for n in range(6) for product in ("Tea", "Cake", "Pie") if dice.random() < 0.6
    )  # fmt: skip
    made = await office.api.post(f"{API}/sales/imports", content=sold, headers={"Content-Type": "text/csv"})
    await office.api.post(f"{API}/sales/imports/{made.json()['id']}/apply")
    assert (await office.api.post(f"{API}/segments/compute")).status_code == 200
    products = [one["id"] for one in (await office.api.get(f"{API}/products")).json()["items"]]
    for client_id in clients:
        for product_id in products:
            if dice.random() < 0.6:
                said = {
                    "product_id": product_id, "state": dice.choice(["offered", "refused", "has"]),
                    "at": f"2026-0{dice.randint(1, 7)}-15T10:00:00Z",
                }  # fmt: skip
                assert (await office.api.put(f"{API}/clients/{client_id}/products", json=said)).status_code == 200
    wanted = Counter[tuple[str, str]]()
    for client_id in clients:
        items = (await office.api.get(f"{API}/clients/{client_id}/products")).json()["items"]
        wanted.update((one["product_id"], one["state"]) for one in items if one["state"] != "not_yet")
    cells = (await office.api.get(f"{API}/products/matrix")).json()["cells"]
    counted = Counter[tuple[str, str]]()
    for cell in cells:
        if cell["segment"] in set(LifeCycle):
            counted.update({(cell["product"], state): cell[state] for state in ("has", "offered", "refused")})
    assert +counted == wanted
    assert {state for _product, state in wanted} == {"has", "offered", "refused"}


async def test_what_is_refused(office: Office) -> None:
    clara = await office.add_client()
    for wrong in ({"name": "Tea", "segments": ["Q"]}, {"name": ""}, {"name": "x" * 201}):
        assert fault(await office.api.post(f"{API}/products", json=wrong))[0] == 422
    mine = f"{API}/clients/{clara['id']}/products"
    assert (await office.api.put(mine, json={"product_id": "nobody", "state": "has"})).status_code == 404
    assert (await office.api.get(f"{API}/clients/nobody/products")).status_code == 404
    tea = (await office.api.post(f"{API}/products", json={"name": "Tea"})).json()["id"]
    late = {"product_id": tea, "state": "has", "at": "2036-01-01T00:00:00Z"}
    assert (await office.api.put(mine, json=late)).status_code == 422
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.put(mine, json={"product_id": tea, "state": "offered"})).status_code == 200
        assert (await olga.post(f"{API}/products", json={"name": "Pie"})).status_code == 403
    async with neighbour(office) as (api, _company):
        assert (await api.get(mine)).status_code == 404
