"""Amounts and days as people write them in four languages."""

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from app.base.language import LANGUAGES
from app.sales.imports.amounts import AmountTooSmall, AmountUnreadable, mark_of, read_amount
from app.sales.imports.columns import recognised
from app.sales.imports.days import DayUnreadable, is_month_first, read_day


@pytest.mark.parametrize(
    ("text", "mark", "amount", "currency"),
    [
        ("1234.56", ".", "1234.56", ""), ("1 234,56", ",", "1234.56", ""), ("1\u202f234,56\u00a0€", ",", "1234.56", "EUR"),
        ("1,234.56", ".", "1234.56", ""), ("1.234,56", ",", "1234.56", ""), ("1'234.50", ".", "1234.50", ""),
        ("-12,5", ",", "-12.5", ""), ("−12", ".", "-12", ""), ("(12.00)", ".", "-12", ""), ("12-", ".", "-12", ""),
        ("$1,234", ".", "1234", "USD"), ("1,234", ",", "1.23", ""), ("1.234", ",", "1234", ""),
        ("12 EUR", ".", "12", "EUR"),
        ("1.234.567", ".", "1234567", ""), ("1 200 руб.", ",", "1200", "RUB"),
        ("0", ".", "0", ""), ("-€5", ".", "-5", "EUR"), ("0,00", ".", "0", ""),
        ("5,-", ",", "5", ""), ("5.-", ",", "5", ""), ("5,--", ".", "5", ""), ("5,–", ",", "5", ""), ("5,—", ",", "5", ""),
        ("5,- €", ",", "5", "EUR"), ("CHF 5.-", ".", "5", "CHF"), ("5.--EUR", ".", "5", "EUR"), ("5,00-", ",", "-5", ""),
        ("-5,-", ",", "-5", ""), ("(5,-)", ",", "-5", ""), ("-CHF 5.-", ".", "-5", "CHF"), ("1.250,-", ".", "1250", ""),
        ("1'250.-", ".", "1250", ""), ("1.250.-", ".", "1250", ""),
        ("0,500", ".", "0.5", ""), ("0.5", ",", "0.5", ""), ("0,005", ",", "0.01", ""),
    ],
)  # fmt: skip
def test_amounts(text: str, mark: str, amount: str, currency: str) -> None:
    assert read_amount(text, mark) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "12 apples",
        "1,2,3",
        "1.2.3,4",
        "--5",
        "(-5)",
        "1e5",
        "١٢",
        "9" * 40,
        "=1+1",
        "5 - 3",
        "NaN",
        "12 QQQ",
        "5,---",
        "5,- -",
        "5,-3",
        "1,25,-",
        "1.25.-",
        ",-",
        "0.123.456",
        "5,-)",
    ],
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(AmountUnreadable):
        read_amount(text, ".")


@given(cents=st.integers(-(10**13), 10**13), language=st.sampled_from(sorted(LANGUAGES)))
def test_amounts_of_every_language_come_back(cents: int, language: str) -> None:
    amount = Decimal(cents) / 100
    text = format_decimal(amount, "#,##0.00", locale=language)
    assert read_amount(text, mark_of([text], ".")) == (amount, "")


@pytest.mark.parametrize("text", ["0,001", "-0.0049", "0,0000000001 €", "(0.001)"])
@pytest.mark.parametrize("mark", [".", ","])
def test_an_amount_is_not_rounded_to_nothing(text: str, mark: str) -> None:
    with pytest.raises(AmountTooSmall):
        read_amount(text, mark)


@given(whole=st.integers(0, 10**11), sign=st.sampled_from(["", "-"]), dash=st.sampled_from(["-", "--", "–", "—"]))
def test_a_dash_for_the_cents_is_no_minus(whole: int, sign: str, dash: str) -> None:
    for mark, group in ((".", ","), (",", "."), (".", "'"), (",", "\u202f")):
        text = f"{sign}{whole:,}".replace(",", group) + mark + dash
        assert read_amount(text, mark_of([text], ".")) == (Decimal(f"{sign}{whole}"), ""), text


def test_a_column_says_what_its_mark_is() -> None:
    assert mark_of(["5,-", "1,234"], ".") == ","
    assert mark_of(["0,500", "1,234"], ".") == ","
    assert mark_of(["1.234", "5", "7,5"], ".") == ","
    assert mark_of(["1.234", "5"], ",") == ","
    assert mark_of(["1.234.567"], ".") == ","
    assert mark_of(["1,234.5"], ",") == "."


@pytest.mark.parametrize(
    "text",
    ["2026-07-01", "2026-07-01T10:00:00Z", "01.07.2026", "1.7.26", "01/07/2026", "1-7-2026", "20260701", "46204",
     "1 July 2026", "July 1, 2026", "1 juillet 2026", "1 juil. 2026", "1 de julio de 2026", "1 июля 2026 г.",
     "01.07.2026 14:05"],
)  # fmt: skip
def test_days(text: str) -> None:
    assert read_day(text, month_first=False) == date(2026, 7, 1)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "32.01.2026", "2026-13-01", "1", "13/13/2026", "1 foo 2026", "99999999"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(DayUnreadable):
        read_day(text, month_first=False)


@given(day=st.dates(date(1970, 1, 1), date(2069, 12, 31)), language=st.sampled_from(sorted(LANGUAGES)))
def test_days_of_every_language_come_back(day: date, language: str) -> None:
    assert read_day(format_date(day, "long", locale=language), month_first=False) == day


def test_month_first_where_the_file_or_the_country_says_so() -> None:
    assert is_month_first(["1/2/2026", "7/31/2026"], "FR")
    assert not is_month_first(["1/2/2026", "31/7/2026"], "US")
    assert is_month_first(["1/2/2026"], "US")
    assert not is_month_first(["1/2/2026"], "FR")
    assert read_day("7/31/2026", month_first=True) == date(2026, 7, 31)


@pytest.mark.parametrize(
    "header",
    ["client,date,amount,product", "Client;Date de vente;Montant;Produit", "Cliente;Fecha;Importe;Producto",
     "Клиент;Дата продажи;Сумма;Товар", "Customer Phone,Order Date,Total,Item"],
)  # fmt: skip
def test_headers(header: str) -> None:
    cells = header.replace(";", ",").split(",")
    assert recognised(cells) == ("client", "date", "amount", "product")
