"""Imports of sales: a preview that keeps its word, and an undo that gives back what was there."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.auth.roles import Role
from models import Sale, SegmentWish
from tests import cast
from tests.api import API, fault, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
IMPORTS = f"{API}/sales/imports"
DESK = "+33199001234"


async def previewed(api: httpx.AsyncClient, content: str | bytes, **query: Any) -> dict[str, Any]:
    """What the upload of ``content`` answers."""
    answer = await api.post(IMPORTS, content=content, params=query, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def do(api: httpx.AsyncClient, one: dict[str, Any], act: str) -> dict[str, Any]:
    answer = await api.post(f"{IMPORTS}/{one['id']}/{act}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def lines(api: httpx.AsyncClient, one: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await api.get(f"{IMPORTS}/{one['id']}/rows", params={"kind": kind})).json()["items"]
    return items


async def sales(office: Office) -> list[tuple[str, date, Decimal, str]]:
    """What is stored."""
    async with office.board.sessions() as session:
        rows = await session.scalars(select(Sale).where(Sale.tenant_id == office.company.tenant).order_by(Sale.line))
        return [(one.client_id, one.day, one.amount, one.currency) for one in rows]


def counts(add: int = 0, same: int = 0, twice: int = 0, error: int = 0) -> dict[str, int]:
    return {"add": add, "change": 0, "same": same, "twice": twice, "error": error}


async def test_a_messy_file_ends_as_its_preview_said_and_is_undone(office: Office) -> None:
    api = office.api
    clara = await office.add_client()
    await office.add_client(DESK, "Dora")
    await office.add_client(DESK, "Denis")
    content = (
        "Отчёт о продажах;;;;\r\n"
        "Клиент;Дата продажи;Сумма;Товар;Примечание\r\n"
        f"06 39 98 00 04;01.07.2026;1 234,50 €;Чай чёрный;\r\n"
        f"{clara['id']};02.07.2026;-34,5;Чай  чёрный;возврат\r\n"
        f"{cast.CLARA};01.07.2026;1234,50;чай ЧЁРНЫЙ;\r\n"
        "01 99 00 12 34;01.07.2026;10;;\r\n"
        "06 39 98 77 77;01.07.2026;10;;\r\n"
        ";01.07.2026;10;;\r\n"
        f"{cast.CLARA};31.02.2026;10;;\r\n"
        f"{cast.CLARA};01.07.2026;десять;;\r\n"
        f"{cast.CLARA};01.07.2036;10;;\r\n"
    ).encode("cp1251")
    one = await previewed(api, content, file_name="продажи.csv")
    assert one["encoding"] == "cp1251"
    assert one["counts"] == counts(add=2, twice=1, error=6)
    assert [column["field"] for column in one["columns"]] == ["client", "date", "amount", "product", None]
    assert await sales(office) == [], "a preview writes nothing"
    errors = {row["line"]: row["field"] for row in await lines(api, one, "error")}
    assert errors == {6: "client", 7: "client", 8: "client", 9: "date", 10: "amount", 11: "date"}
    added = await lines(api, one, "add")
    assert added[0]["label"] == "Clara"
    assert added[0]["after"] == {"date": "2026-07-01", "amount": "1234.50 EUR", "product": "Чай чёрный"}
    mend = await api.get(f"{IMPORTS}/{one['id']}/errors.csv")
    assert mend.text.count("\r\n") == 7
    done = await do(api, one, "apply")
    assert done["counts"] == one["counts"]
    assert await sales(office) == [
        (clara["id"], date(2026, 7, 1), Decimal("1234.50"), "EUR"),
        (clara["id"], date(2026, 7, 2), Decimal("-34.50"), "EUR"),
    ]
    async with office.board.sessions() as session:
        wishes = select(SegmentWish).where(SegmentWish.tenant_id == office.company.tenant)
        assert len((await session.scalars(wishes)).all()) == 1
    again = await previewed(api, content)
    assert again["counts"] == counts(same=2, twice=1, error=6), "the same file a second time adds nothing"
    undone = await do(api, one, "undo")
    assert undone["undone"]["removed"] == 2
    assert await sales(office) == []
    answer = await api.post(f"{IMPORTS}/{again['id']}/apply")
    assert fault(answer) == (409, "import-differs", None), "what is there has changed since its preview"


async def test_a_receipt_tells_equal_sales_apart(office: Office) -> None:
    await office.add_client()
    line = f"{cast.CLARA},2026-07-01,5,Tea"
    one = await previewed(office.api, f"client,date,amount,product,receipt\n{line},1\n{line},2\n{line},2\n")
    assert one["counts"] == counts(add=2, twice=1)


async def test_what_is_exported_is_read_back(office: Office) -> None:
    await office.add_client()
    line = f"{cast.CLARA},2026-07-01"
    content = f"client,date,amount,currency,product,receipt\n{line},5,USD,=Tea,7\n{line},-2.25,,,\n"
    await do(office.api, await previewed(office.api, content), "apply")
    for form in ("csv", "xlsx", "json"):
        file = await office.api.get(f"{API}/sales/export", params={"format": form})
        assert file.status_code == 200, file.text
        assert (await previewed(office.api, file.content))["counts"] == counts(same=2), form


async def test_a_card_number_finds_the_client(office: Office) -> None:
    clara = await office.add_client(card_number="K-17")
    await do(office.api, await previewed(office.api, "client,date,amount\nK-17,2026-07-01,5\n"), "apply")
    assert [one[0] for one in await sales(office)] == [clara["id"]]


async def test_a_card_number_of_several_clients_is_nobodys(office: Office) -> None:
    await office.add_client(card_number="K-17")
    await office.add_client("+33639980055", "Claire", card_number="K-17")
    one = await previewed(office.api, "client,date,amount\nK-17,2026-07-01,5\n")
    assert one["counts"] == counts(error=1)
    (row,) = await lines(office.api, one, "error")
    assert (row["field"], row["detail"]) == (
        "client", "Several clients have this card number; give the client's id, or mend their cards.",
    )  # fmt: skip


async def test_a_merged_clients_sale_is_the_others(office: Office) -> None:
    clara, twin = await office.add_client(), await office.add_client("+33639980055", "Claire")
    content = f"client,date,amount\n{twin['id']},2026-07-01,5\n"
    await do(office.api, await previewed(office.api, content), "apply")
    merged = await office.api.post(f"{API}/clients/{clara['id']}/merge", json={"other_id": twin["id"]})
    assert merged.status_code == 200, merged.text
    assert (await previewed(office.api, content))["counts"] == counts(same=1)


async def test_currencies(office: Office) -> None:
    await office.add_client()
    one = await previewed(
        office.api,
        "client,date,amount,currency\n"
        f"{cast.CLARA},2026-07-01,5,\n{cast.CLARA},2026-07-01,6,usd\n{cast.CLARA},2026-07-01,$7,\n"
        f"{cast.CLARA},2026-07-01,$8,EUR\n{cast.CLARA},2026-07-01,9,ZZZ\n",
    )
    assert [row["after"]["amount"] for row in await lines(office.api, one, "add")] == [
        "5.00 EUR",
        "6.00 USD",
        "7.00 USD",
    ]
    assert [row["field"] for row in await lines(office.api, one, "error")] == ["currency", "currency"]


async def test_a_round_price_is_no_return_and_less_than_a_cent_no_sale(office: Office) -> None:
    await office.add_client()
    amounts = ("5,-", "5.-", '"5,--"', "5-", "0,001")
    one = await previewed(
        office.api,
        "client;date;amount\n"
        + "".join(f"{cast.CLARA};2026-07-0{day};{amount}\n" for day, amount in enumerate(amounts, 1)),
    )
    assert [row["after"]["amount"] for row in await lines(office.api, one, "add")] == [
        "5.00 EUR", "5.00 EUR", "5.00 EUR", "-5.00 EUR",
    ]  # fmt: skip
    (row,) = await lines(office.api, one, "error")
    assert (row["line"], row["field"]) == (6, "amount")
    assert row["detail"] == "This amount is less than a cent; mend it, or leave the line out."


async def test_what_is_refused(office: Office) -> None:
    for content, code in (("name,when\nx,y\n", "unprocessable"), ("", "unprocessable"), ("\0\0\0", "unprocessable")):
        answer = await office.api.post(IMPORTS, content=content, headers={"Content-Type": "text/csv"})
        assert answer.status_code == 422, (content, code, answer.text)
    answer = await office.api.post(IMPORTS, content="client,date,amount\n", params={"remove_missing": "true"})
    assert answer.status_code == 422
    chosen = await office.add_client()
    one = await previewed(office.api, f"{chosen['id']};3,5;1/7/2026\n", columns="client,amount,date")
    assert one["counts"] == counts(add=1)
    assert [row["after"]["amount"] for row in await lines(office.api, one, "add")] == ["3.50 EUR"]


async def test_supervisors_import_and_nobody_sees_another_company(office: Office) -> None:
    await office.add_client()
    content = f"client,date,amount\n{cast.CLARA},2026-07-01,5\n"
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get(IMPORTS)).status_code == 403
        assert (await olga.get("/sales/import")).status_code == 403
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        one = await previewed(sofia, content)
        page = await sofia.get(f"/sales/import/{one['id']}?kind=add")
        assert page.status_code == 200
        assert "5.00 EUR" in page.text
        assert (await sofia.get("/sales/import")).status_code == 200
    async with neighbour(office) as (api, _company):
        assert (await api.get(f"{IMPORTS}/{one['id']}")).status_code == 404
        assert (await previewed(api, content))["counts"] == counts(error=1), "Clara is none of their clients"
