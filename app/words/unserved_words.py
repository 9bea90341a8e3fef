"""Where callers would meet nobody, in words: for the panel, for a test, and where a company is set up."""

from dataclasses import dataclass
from typing import assert_never

from app.base.language import gettext as _
from app.words.number_words import grouped
from routing.dialling import AddressFault
from routing.plan import RoutingPlan, Service
from routing.unserved import NotRung, Unserved, never_rung, unserved_lines


@dataclass(frozen=True, slots=True)
class SetUpWarning:
    """``code`` is stable, ``text`` one sentence or two for a person."""

    code: str
    text: str


def warnings_about(plan: RoutingPlan) -> list[SetUpWarning]:
    """Everything that keeps callers from a person, as the company is set up now."""
    warnings = [warn_of_unserved(one) for one in unserved_lines(plan)]
    if plan.lines and not plan.vip_chain():
        warnings.append(warn_of_vips())
    return warnings + [_not_rung(one) for one in never_rung(plan)]


def warn_of_unserved(one: Unserved) -> SetUpWarning:
    """A line, a category or a rule that leads to nobody."""
    return SetUpWarning("nobody_serves", unserved_words(one))


def warn_of_vips() -> SetUpWarning:
    """A company in which nobody would be rung for a VIP."""
    return SetUpWarning(
        "nobody_for_vips", _("Nobody is rung for VIPs: no manager is set up, and no operator is available.")
    )


def unserved_words(one: Unserved) -> str:
    """Two sentences: what is the matter, and what callers notice of it."""
    match one.service:
        case Service.ALL_AWAY:
            what = _("Nobody who serves the queue “%(queue)s” is available.", queue=one.queue)
        case Service.BEYOND:
            what = _("Nobody who serves the queue “%(queue)s” can be rung by the line's provider.", queue=one.queue)
        case Service.NOBODY if not one.queue:
            what = _("The company has no queue yet.")
        case Service.NOBODY:
            what = _("No operator serves the queue “%(queue)s”.", queue=one.queue)
        case _:
            return ""
    if one.rule:
        return (
            what + " " + _("Callers whom the rule “%(rule)s” sends there hear that nobody can answer.", rule=one.rule)
        )
    if one.category:
        category = one.category
        return what + " " + _("Clients of the category “%(category)s” hear that nobody can answer.", category=category)
    line = grouped(one.line) if one.line.startswith("+") else one.line
    return what + " " + _("Callers of the line “%(line)s” hear that nobody can answer.", line=line)


def _not_rung(one: NotRung) -> SetUpWarning:
    match one.fault:
        case AddressFault.OTHER_COUNTRY:
            text = _(
                "%(name)s (%(address)s) is not rung: the number is in a country that the company has not chosen.",
                name=one.name, address=grouped(one.address),
            )  # fmt: skip
        case AddressFault.SATELLITE | AddressFault.NO_ORDINARY_NUMBER:
            text = _(
                "%(name)s (%(address)s) is not rung: this is not an ordinary number.",
                name=one.name, address=grouped(one.address),
            )  # fmt: skip
        case AddressFault.PRIVATE_HOST:
            text = _(
                "%(name)s (%(address)s) is not rung: the address is in a private network.",
                name=one.name, address=one.address,
            )  # fmt: skip
        case _:
            assert_never(one.fault)
    return SetUpWarning("not_rung", text)
