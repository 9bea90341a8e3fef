"""The currency of a company."""

from collections.abc import Mapping

from babel.numbers import get_territory_currencies


def currency_of(country: str) -> str:
    """The currency in which a country (ISO 3166 alpha-2) pays today (ISO 4217)."""
    return next(iter(get_territory_currencies(country)), "EUR")


def companys_currency(treatments: Mapping[str, object], country: str) -> str:
    """The one that a company has chosen among its ``treatments``, else its ``country``'s."""
    chosen = treatments.get("currency")
    return chosen if isinstance(chosen, str) and chosen else currency_of(country)
