"""Who the card says is calling: a badge in words, a name, and what stands beside it."""

from dataclasses import dataclass
from typing import TypedDict

from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.text import display_text
from app.calls.clock_there import clock_there
from app.calls.dossier import Dossier
from app.event_log.read_decision import decision_of
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of
from app.words.number_words import origin
from filters.caller_id import CallerKind
from filters.matches import MatchSource
from models import CallRecord
from routing.reasons import ReasonCode


@dataclass(frozen=True, slots=True)
class WhoIsCalling:
    """``tone`` colours the card (vip, beware, client, maybe, new, hidden, bad); the badge says the same in words.
    ``beside`` stands after the name, ``note`` is the pinned note, ``warning`` whether the note is one."""

    tone: str
    badge: str
    name: str
    beside: str = ""
    note: str = ""
    warning: bool = False
    about: str = ""
    category: str = ""


def who_is_calling(dossier: Dossier, tenant: TenantRows) -> WhoIsCalling:
    """By what is known now: a client saved or chosen during the call is on its card."""
    call, client = dossier.call, dossier.client
    category = tenant.rows["category"].get(client["category_id"] or "") if client else None
    if call.reason_code in (ReasonCode.VIP, ReasonCode.VIP_UNCONFIRMED):
        return _vip(call, client, category)
    if call.reason_code == ReasonCode.BLACKLISTED:
        # Read by supervisors only, in the day's log.
        name = _deciding_label(call, MatchSource.BLACKLIST) or (client["name"] if client else "") or call.caller_name
        return WhoIsCalling("bad", _("BLOCKED"), name or _("Blocked caller"))
    if call.caller_number is None:
        return _without_number(call)
    if client is not None:
        return WhoIsCalling("client", _("CLIENT"), client["name"], client["company"], **_knowledge(client, category))
    if dossier.somebody_else:
        return WhoIsCalling("new", _("NEW"), call.caller_name or _("New caller"), _not_whom(dossier.clients))
    if clients := dossier.clients:
        badge = ngettext("? %(num)s possible", "? %(num)s possible", len(clients))
        return WhoIsCalling("maybe", badge, _one_of(clients), _("several clients share this number"))
    from_where = _from_where(call, tenant)
    if dossier.maybes:
        names = _one_of(tuple(one.client for one in dossier.maybes))
        return WhoIsCalling("maybe", _("? MAYBE"), _("%(name)s?", name=names), from_where)
    return WhoIsCalling("new", _("NEW"), call.caller_name or _("New caller"), from_where)


def _from_where(call: CallRecord, tenant: TenantRows) -> str:
    number = call.caller_number or ""
    there = clock_there(number, call.started_at, zone_of(call, tenant))
    return " · ".join(word for word in (origin(number), _("%(time)s there", time=there) if there else "") if word)


def _not_whom(clients: tuple[Row, ...]) -> str:
    if len(clients) > 1:
        return _("none of the clients with this number")
    return _("not %(name)s, whose number it is", name=clients[0]["name"])


def _one_of(clients: tuple[Row, ...]) -> str:
    names = [one["name"] for one in clients]
    match names:
        case [one]:
            return str(one)
        case [one, other]:
            return _("%(one)s or %(other)s", one=one, other=other)
        case [one, other, third]:
            return _("%(one)s, %(other)s or %(third)s", one=one, other=other, third=third)
        case _:
            return _("%(one)s, %(other)s or others", one=names[0], other=names[1])


def _vip(call: CallRecord, client: Row | None, category: Row | None) -> WhoIsCalling:
    name = _deciding_label(call, MatchSource.VIP) or (client["name"] if client else "") or call.caller_name or _("VIP")
    beside = client["company"] if client else ""
    if call.reason_code == ReasonCode.VIP_UNCONFIRMED:
        # What a number alone opens must not be told to whoever borrows it: no note, no history of the matter.
        note = _("Not verified: check who is speaking before you say anything confidential.")
        claimed = _("calls with the number of %(name)s, a VIP", name=name)
        return WhoIsCalling("beware", _("⚠ UNVERIFIED"), _("Caller not verified"), claimed, note=note, warning=True)
    return WhoIsCalling("vip", _("★ VIP"), name, beside, **(_knowledge(client, category) if client else {}))


def _deciding_label(call: CallRecord, source: MatchSource) -> str:
    matches = decision_of(call).matches
    return next((match.label for match in matches if match.list is source and match.deciding), "")


def _without_number(call: CallRecord) -> WhoIsCalling:
    said, address = call.caller_name, decision_of(call).caller.address
    match call.caller_kind:
        case CallerKind.WITHHELD:
            return WhoIsCalling("hidden", _("WITHHELD"), said or _("Number withheld"), _("caller ID withheld"))
        case CallerKind.UNAVAILABLE:
            beside = _("number unavailable")
            return WhoIsCalling("hidden", _("WITHHELD"), said or _("Number unavailable"), beside)
        case CallerKind.SHORT_CODE if call.reason_code == ReasonCode.PROTECTED:
            name = said or (_("Emergency service %(number)s", number=address) if address else _("Emergency service"))
            return WhoIsCalling("vip", _("EMERGENCY SERVICE"), name)
        case CallerKind.SIP | CallerKind.CLIENT:
            beside = _("calling from a SIP address")
            name = said or display_text(address) or _("Internet caller")
            return WhoIsCalling("hidden", _("NO NUMBER"), name, beside)
        case CallerKind.SHORT_CODE:
            return WhoIsCalling("hidden", _("NO NUMBER"), said or address, _("a short service number"))
        case _:
            beside = _("the network sent no valid number")
            return WhoIsCalling("hidden", _("NO NUMBER"), said or address or _("Unreadable number"), beside)


class _Knowledge(TypedDict, total=False):
    """What the card says of a client beside the name."""

    note: str
    about: str
    category: str


def _knowledge(client: Row, category: Row | None) -> _Knowledge:
    return {"note": client["pinned_note"], "about": client["about"], "category": category["name"] if category else ""}
