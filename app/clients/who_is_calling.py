"""Who the card says is calling: a badge in words, a name, and what stands beside it."""

from dataclasses import dataclass
from typing import Any

from app.clients.number_words import origin
from app.plan.rows import Row
from app.providers.twilio.payload import display_text
from filters.caller_id import CallerKind
from models import CallRecord
from routing.reasons import ReasonCode

UNCONFIRMED = "The network does not vouch for this number: check who is speaking before you tell anything."


@dataclass(frozen=True, slots=True)
class WhoIsCalling:
    """``tone`` colours the card (vip, client, maybe, new, hidden, bad); the badge says the same in words.
    ``beside`` stands after the name, ``note`` is the pinned note, ``warning`` whether the note is one."""

    tone: str
    badge: str
    name: str
    beside: str = ""
    note: str = ""
    warning: bool = False
    about: str = ""
    category: str = ""


def who_is_calling(call: CallRecord, clients: tuple[Row, ...], categories: dict[str, Row]) -> WhoIsCalling:
    """By what is known now: a client saved during the call is on its card."""
    client = clients[0] if len(clients) == 1 else None
    category = categories.get(client["category_id"] or "") if client else None
    if call.reason_code in (ReasonCode.VIP, ReasonCode.VIP_UNCONFIRMED):
        return _vip(call, client, category)
    if call.reason_code == ReasonCode.BLACKLISTED:
        # Read by supervisors only, in the day's log.
        name = _deciding_label(call, "blacklist") or (client["name"] if client else "") or call.caller_name
        return WhoIsCalling("bad", "BLOCKED", name or "Blocked caller")
    if call.caller_kind != CallerKind.NUMBER:
        return _without_number(call)
    if client is not None:
        return WhoIsCalling("client", "CLIENT", client["name"], client["company"], **_knowledge(client, category))
    if clients:
        names = " or ".join(one["name"] for one in clients[:3]) + (" or others" if len(clients) > 3 else "")
        return WhoIsCalling("maybe", f"? {len(clients)} possible", names, "several clients use this number")
    return WhoIsCalling("new", "NEW", call.caller_name or "New caller", origin(call.caller_number or ""))


def _vip(call: CallRecord, client: Row | None, category: Row | None) -> WhoIsCalling:
    name = _deciding_label(call, "vip") or (client["name"] if client else "") or call.caller_name or "VIP"
    beside = client["company"] if client else ""
    if call.reason_code == ReasonCode.VIP_UNCONFIRMED:
        # What a number alone opens must not be told to whoever borrows it: no note, no history of the matter.
        return WhoIsCalling("vip", "★ VIP, identity unconfirmed", name, beside, note=UNCONFIRMED, warning=True)
    return WhoIsCalling("vip", "★ VIP", name, beside, **(_knowledge(client, category) if client else {}))


def _deciding_label(call: CallRecord, source: str) -> str:
    matches = call.decision["matches"]
    return next((match["label"] for match in matches if match["list"] == source and match["deciding"]), "")


def _without_number(call: CallRecord) -> WhoIsCalling:
    said, address = call.caller_name, call.decision["caller"].get("address", "")
    match call.caller_kind:
        case CallerKind.WITHHELD:
            return WhoIsCalling("hidden", "WITHHELD", said or "Number withheld", "the caller hides the number")
        case CallerKind.UNAVAILABLE:
            return WhoIsCalling("hidden", "WITHHELD", said or "Number unavailable", "the network tells no number")
        case CallerKind.SHORT_CODE if call.reason_code == ReasonCode.PROTECTED:
            return WhoIsCalling("vip", "EMERGENCY SERVICE", said or f"Emergency service {address}".strip())
        case CallerKind.SIP | CallerKind.CLIENT:
            beside = "calls from an address, not a number"
            return WhoIsCalling("hidden", "NO NUMBER", said or display_text(address) or "Internet caller", beside)
        case CallerKind.SHORT_CODE:
            return WhoIsCalling("hidden", "NO NUMBER", said or address, "a short service number")
        case _:
            return WhoIsCalling(
                "hidden", "NO NUMBER", said or "Unreadable number", "what the network sent is no number"
            )


def _knowledge(client: Row, category: Row | None) -> dict[str, Any]:
    return {"note": client["pinned_note"], "about": client["about"], "category": category["name"] if category else ""}
