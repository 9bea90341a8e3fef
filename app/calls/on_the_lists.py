"""What the lists say of a caller now, and so what can be done about it from one of their calls."""

from dataclasses import dataclass
from datetime import datetime

from app.calls.judge_caller import digits_of
from app.plan.tenant_rows import TenantRows
from filters.caller import look_up
from filters.caller_id import CallerId, CallerKind
from filters.matches import Match, MatchSource
from filters.pattern import EXACT_SPECIFICITY
from models import CallRecord


@dataclass(frozen=True, slots=True)
class Standing:
    """``listed`` is the match that decides about the number on the line that it called; None when none does. ``is_own``:
    it is an entry of that very number; ``is_clients``: it is the standing of a client."""

    number: str | None = None
    listed: Match | None = None
    protected: bool = False
    is_own: bool = False
    is_clients: bool = False

    @property
    def is_of_others(self) -> bool:
        """Whether a list of others says so."""
        return self.listed is not None and self.listed.of_subscription

    @property
    def is_vip(self) -> bool:
        """Whether the caller is a VIP now."""
        return self.listed is not None and self.listed.source is MatchSource.VIP

    @property
    def is_blocked(self) -> bool:
        """Whether the caller is blacklisted now."""
        return self.listed is not None and self.listed.source is MatchSource.BLACKLIST and not self.protected

    @property
    def see(self) -> str:
        """Where that which decides is to be seen and changed; empty for a list of others."""
        if self.listed is None or self.is_of_others:
            return ""
        kind = "clients" if self.is_clients else f"lists/{self.listed.source}"
        return f"/{kind}/{self.listed.entry_id}"


def standing_of(call: CallRecord, tenant: TenantRows, now: datetime) -> Standing:
    """The standing of the call's caller. Whoever showed no number has none."""
    number = call.caller_number or digits_of(call)
    if number is None:
        return Standing()
    kind = CallerKind.NUMBER if call.caller_number else CallerKind.SHORT_CODE
    return standing_of_number(number, call.line_id or "", tenant, now, kind)


def standing_of_number(
    number: str, line_id: str, tenant: TenantRows, now: datetime, kind: CallerKind = CallerKind.NUMBER
) -> Standing:
    """The standing of ``number``, in E.164 (or of digits that are none, with their ``kind``), on a line."""
    if tenant.plan is None:
        return Standing()
    caller = look_up(CallerId(kind, number), tenant.lists, line_id, now)
    protected = number in tenant.plan.protected
    match = caller.winner
    if match is None:
        return Standing(number, protected=protected)
    of_client = match.entry_id in tenant.rows["client"]
    own = match.specificity == EXACT_SPECIFICITY and not of_client and not match.of_subscription
    return Standing(number, match, protected, own, of_client)
