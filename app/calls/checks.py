"""Facts about a call that are worth a second look, each with what to do. They are facts, and no verdict on whoever calls."""

from app.base.search_text import folded
from app.calls.dossier import Dossier
from app.plan.rows import Row
from filters.attestation import Attestation
from filters.caller_id import CallerKind
from filters.checks import Check
from filters.number import country_of
from routing.reasons import ReasonCode

_NOT_FOR = frozenset({ReasonCode.VIP_UNCONFIRMED, ReasonCode.BLACKLISTED, ReasonCode.PROTECTED})
"""Cards that say it all themselves, or that nobody answers."""


def checks_of(dossier: Dossier) -> tuple[Check, ...]:
    """The facts of this call, by what is known now."""
    call, client = dossier.call, dossier.client
    if call.reason_code in _NOT_FOR:
        return ()
    if call.caller_number is None:
        is_hidden = call.caller_kind in (CallerKind.WITHHELD, CallerKind.UNAVAILABLE)
        return (Check.WITHHELD,) if is_hidden else ()
    found = []
    if call.attestation == Attestation.FAILED:
        found.append(Check.FORGED)
    meant = [client] if client is not None else [one.client for one in dossier.maybes]
    if meant and all(_is_of_another_country(call.caller_number, one) for one in meant):
        found.append(Check.COUNTRY)
    if client is None and len(dossier.clients) > 1:
        found.append(Check.NAMES)
    if client is not None and _is_another_name(call.caller_name, client):
        found.append(Check.OTHER_NAME)
    if client is not None and dossier.history.last is None and _is_thin(client):
        found.append(Check.THIN)
    return tuple(found)


def _is_of_another_country(number: str, client: Row) -> bool:
    others = {country_of(one["number"]) for one in client["numbers"] if one["number"] != number}
    return bool(others) and country_of(number) not in others


def _is_another_name(shown: str, client: Row) -> bool:
    """Whether the name that the network shows has no word of the card's; most show none, or a town."""
    words = {word for word in folded(shown).split() if len(word) > 1}
    known = set(folded(f"{client['name']} {client['company']}").split())
    return len(words) > 1 and not words & known


def _is_thin(client: Row) -> bool:
    return not any(
        client.get(name) for name in ("company", "about", "pinned_note", "emails", "addresses", "card_number", "fields")
    )
