"""Segments of clients, and the numbers by which, in words."""

from datetime import date
from decimal import Decimal
from typing import assert_never

from babel.numbers import format_currency, format_decimal, format_percent

from app.base.language import day_in_words, locale, ngettext
from app.base.language import gettext as _
from models.segment import LifeCycle, Loyalty, ProductStanding


def stage_words(stage: LifeCycle) -> str:
    """A stage of the life cycle."""
    match stage:
        case LifeCycle.POTENTIAL:
            return _("Potential")
        case LifeCycle.NEW:
            return _("New")
        case LifeCycle.REGULAR:
            return _("Regular")
        case LifeCycle.LOST:
            return _("Lost")
        case LifeCycle.RESTORED:
            return _("Restored")
        case _:
            assert_never(stage)


def loyalty_words(loyalty: Loyalty) -> str:
    """How loyal somebody is."""
    match loyalty:
        case Loyalty.HIGH:
            return _("High")
        case Loyalty.MEDIUM:
            return _("Medium")
        case Loyalty.LOW:
            return _("Low")
        case _:
            assert_never(loyalty)


def standing_words(standing: ProductStanding) -> str:
    """How a client stands to a product."""
    match standing:
        case ProductStanding.HAS:
            return _("Has it")
        case ProductStanding.OFFERED:
            return _("Offered")
        case ProductStanding.REFUSED:
            return _("Refused")
        case ProductStanding.NOT_YET:
            return _("Not yet offered")
        case _:
            assert_never(standing)


def segment_words(segment: str) -> str:
    """The name of a segment: ``A``, ``X``, ``AX``, or a stage."""
    return stage_words(LifeCycle(segment)) if segment in set(LifeCycle) else segment


def money(amount: Decimal | float, currency: str) -> str:
    """An amount with its currency (ISO 4217)."""
    return str(format_currency(amount, currency, locale=locale()))


def percent(value: Decimal) -> str:
    """A percentage, to a tenth."""
    return str(format_percent(value / 100, "#,##0.#\u202f%", locale=locale()))


def day_words(day: date) -> str:
    """A day."""
    return day_in_words(day)


def abc_reason(
    revenue: Decimal, share: Decimal | None, cumulated: Decimal | None, since: date, currency: str,
    to_a: Decimal, to_b: Decimal,
) -> str:  # fmt: skip
    """Why somebody is A, B or C: the most revenue is A whatever its share is."""
    if share is None or cumulated is None or revenue <= 0:
        return _("%(revenue)s since %(day)s.", revenue=money(revenue, currency), day=day_words(since))
    return _(
        "%(revenue)s since %(day)s, %(share)s of all revenue. Whoever brings as much or more brings %(cumulated)s together: "
        "A to %(a)s, B to %(b)s.",
        revenue=money(revenue, currency), day=day_words(since), share=percent(share), cumulated=percent(cumulated),
        a=percent(to_a), b=percent(to_b),
    )  # fmt: skip


def xyz_reason(
    variation: Decimal | None, monthly: Decimal | None, months: int, currency: str, to_x: Decimal, to_y: Decimal
) -> str:
    """Why somebody is X, Y or Z."""
    if variation is None or monthly is None:
        return _("Two whole months with more sales than returns are needed to compare their amounts.")
    return ngettext(
        "%(monthly)s a month over %(num)s month; the amounts vary by %(variation)s: X to %(x)s, Y to %(y)s.",
        "%(monthly)s a month over %(num)s months; the amounts vary by %(variation)s: X to %(x)s, Y to %(y)s.",
        months, monthly=money(monthly, currency), variation=percent(variation), x=percent(to_x), y=percent(to_y),
    )  # fmt: skip


def stage_reason(stage: LifeCycle, first: date | None, last: date | None, back: date | None) -> str:
    """Why somebody is in a stage."""
    if first is None or last is None:
        return _("Has not bought anything yet.")
    if stage is LifeCycle.RESTORED and back is not None:
        return _("Came back on %(back)s; first sale on %(first)s.", back=day_words(back), first=day_words(first))
    return _("First sale on %(first)s, last on %(last)s.", first=day_words(first), last=day_words(last))


def loyalty_reason(active: int, months: int, share: Decimal) -> str:
    """Why somebody is loyal."""
    return ngettext(
        "Bought in %(active)s of %(num)s month, %(share)s.", "Bought in %(active)s of %(num)s months, %(share)s.", months,
        active=active, share=percent(share),
    )  # fmt: skip


def repeat_words(share: float) -> str:
    """The share of repeat business, in percent."""
    return percent(Decimal(str(share)))


def relation_words(days: int) -> str:
    """How long a relation has lasted."""
    if days < 60:
        return ngettext("%(num)s day", "%(num)s days", days)
    return ngettext("%(num)s month", "%(num)s months", days * 12 // 365)


def count_words(count: int) -> str:
    """A number of things, with its separators."""
    return str(format_decimal(count, locale=locale()))


def number_words(value: float) -> str:
    """A number, to a tenth."""
    return str(format_decimal(value, "#,##0.#", locale=locale()))


def suggestion_words(
    segment: str, revenue: Decimal | None, share: Decimal | None, last: date | None, currency: str
) -> str:
    """Why a segment suggests something about a client, with the numbers."""
    parts = [segment_words(segment)]
    if revenue is not None and share is not None:
        parts.append(_("%(revenue)s, %(share)s of all revenue", revenue=money(revenue, currency), share=percent(share)))
    if last is not None:
        parts.append(_("last sale on %(day)s", day=day_words(last)))
    return " · ".join(parts)
