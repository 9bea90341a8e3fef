"""The client card: everything that an operator sees about one call, ready to be drawn. Nothing here is markup."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.base.language import day_in_words
from app.base.language import gettext as _
from app.base.reader_zone import clock_for_reader, reader_zone
from app.base.text import display_text
from app.calls.call_notes import MOST_SATISFIED, NotedOutcome
from app.calls.call_outcome import is_open, operator_name, outcome_of
from app.calls.card_fields import CardField
from app.calls.card_state import CardState, card_state
from app.calls.checks import checks_of
from app.calls.clock_there import clock_there
from app.calls.dossier import Dossier
from app.calls.how_to_treat import NOTHING, HowToTreat, how_to_treat
from app.calls.missed_calls import Shown, shown_as, was_missed
from app.calls.open_matters import OpenMatter, told_matters
from app.calls.seat import Seat
from app.calls.who_is_calling import WhoIsCalling, who_is_calling
from app.event_log.read_decision import decision_of
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of
from app.words.action_words import queue_name
from app.words.check_words import Checked, check_words
from app.words.number_words import grouped, language_name
from app.words.told_decision import tell_reason
from models import CallRecord
from routing.reasons import ReasonCode

RINGS_FOR: Final = timedelta(seconds=60)
"""How long a panel rings for a call at which no phone rings: whoever is to take it has heard it by then."""
AFTER_CALL: Final = timedelta(seconds=30)
"""How long whoever took a call is asked for its outcome."""
_GRACE: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class PastCall:
    """One earlier call in words, and the caller's satisfaction with it."""

    when: str
    outcome: str
    note: str = ""
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """``since`` is when the present state began; ``asks_who`` is whether the short form for a new caller is shown, and
    ``client`` the client who calls, where there is one to be opened. ``number`` is in E.164, empty when there is none.
    ``open`` is whether the caller still has to be called back. ``treat`` is how the client is to be treated, ``checks`` are
    facts worth a second look, ``matters`` what is still to be seen to for the client, ``fields`` what programs say about the
    call."""

    call_id: str
    state: CardState
    who: WhoIsCalling
    dossier: Dossier
    client: Row | None
    number: str
    there: str
    line: str
    menu_choice: str
    language: str
    stage: str
    since: datetime
    ring_until: datetime
    leaves: datetime
    clock: str
    rang: str
    answered_by: str
    missed: bool
    open: bool
    called_back: bool
    blocked: bool
    outcome: str
    noted: NotedOutcome | None
    note: str
    satisfaction: int | None
    last_call: PastCall | None
    this_month: int
    missed_today: int
    why: str
    asks_who: bool
    treat: HowToTreat = NOTHING
    checks: tuple[Checked, ...] = ()
    matters: tuple[OpenMatter, ...] = ()
    fields: tuple[CardField, ...] = ()

    @property
    def outcomes(self) -> tuple[NotedOutcome, ...]:
        """What can be noted after the call."""
        return tuple(NotedOutcome)

    @property
    def marks(self) -> range:
        """How satisfied a caller can be."""
        return range(1, MOST_SATISFIED + 1)

    def rank_for(self, seat: Seat) -> int:
        """Where the card stands on the panel of whoever has this seat."""
        return rank_of(self.dossier.call, seat, self.state)

    @property
    def title(self) -> str:
        """For the browser's tab."""
        star = "★ " if self.who.tone == "vip" else "⚠ " if self.who.warning else ""
        return f"{star}{self.who.name}"

    @property
    def _doing(self) -> str:
        match self.state:
            case CardState.MENU:
                return _("in the menu")
            case CardState.WAITING:
                return _("waiting")
            case _:
                return _("ringing")

    @property
    def sentence(self) -> str:
        """For screen readers, at most a dozen words."""
        company = self.who.beside if self.who.tone in ("vip", "client") else ""
        on = _("on %(line)s", line=self.line)
        parts = (self.who.badge.strip("★⚠? "), self.who.name, company, on, self._doing)
        return ", ".join(part for part in parts if part) + "."


def build_card(dossier: Dossier, tenant: TenantRows, now: datetime) -> Card:
    """The card of a call, by what the tenant knows now, in the words of the reader's language."""
    call, history = dossier.call, dossier.history
    zone, who = zone_of(call, tenant), who_is_calling(dossier, tenant)
    tells_nothing = call.reason_code == ReasonCode.VIP_UNCONFIRMED
    decision = decision_of(call)
    line = decision.line
    number = call.caller_number or ""
    return Card(
        call_id=call.call_id,
        state=card_state(call, dossier.ringing),
        who=who,
        dossier=dossier,
        client=dossier.client,
        number=number,
        there="" if who.tone in ("new", "maybe") or not number else clock_there(number, call.started_at, zone),
        line=(line.label if line else "") or grouped(call.line_number),
        menu_choice=call.menu_choice or "",
        language=language_name(decision.language),
        stage=_stage(dossier, tenant),
        since=_since(dossier),
        ring_until=_ring_until(dossier, tenant),
        leaves=(call.ended_at or call.last_seen_at) + AFTER_CALL,
        clock=_clock(call, tenant, now),
        rang=_rang(call),
        answered_by=operator_name(call.answered_by, tenant),
        missed=was_missed(call),
        open=is_open(call, dossier.note, is_to_be_called=dossier.is_to_be_called),
        called_back=dossier.note is not None and dossier.note.called_back_at is not None,
        blocked=shown_as(call) is Shown.HIDDEN,
        outcome=outcome_of(call, tenant),
        noted=NotedOutcome(dossier.note.outcome) if dossier.note and dossier.note.outcome else None,
        note=dossier.note.note if dossier.note else "",
        satisfaction=dossier.note.satisfaction if dossier.note else None,
        last_call=_past(history.last, dossier, tenant) if history.last and not tells_nothing else None,
        this_month=0 if tells_nothing else history.this_month,
        missed_today=0 if tells_nothing else history.missed_today,
        why=tell_reason(decision),
        asks_who=who.tone == "new" or (who.tone == "maybe" and bool(dossier.maybes)),
        treat=NOTHING if tells_nothing else how_to_treat(dossier.client, tenant),
        fields=() if tells_nothing else dossier.fields,
        checks=tuple(check_words(one, display_text(call.caller_name)) for one in checks_of(dossier)),
        matters=() if tells_nothing else told_matters(dossier.matters, now),
    )


def _ring_until(dossier: Dossier, tenant: TenantRows) -> datetime:
    operators = tenant.rows["operator"]
    phones = [
        since + timedelta(seconds=operators[one]["ring_seconds"]) + _GRACE
        for one, since in dossier.ringing.phones.items()
        if one in operators
    ]
    return max([dossier.call.started_at + RINGS_FOR, *phones])


def _rang(call: CallRecord) -> str:
    seconds = max(0, int(((call.ended_at or call.last_seen_at) - call.started_at).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}"


def _stage(dossier: Dossier, tenant: TenantRows) -> str:
    match card_state(dossier.call, dossier.ringing):
        case CardState.ANSWERED if asked := dossier.ringing.asked:
            return _("on hold · asking %(name)s", name=operator_name(asked, tenant) or grouped(asked))
        case CardState.ANSWERED:
            by = operator_name(dossier.call.answered_by, tenant)
            return _("talking with %(name)s", name=by) if by else _("in call")
        case CardState.ENDED:
            return _("ended")
        case CardState.MENU:
            return _("in the menu")
        case CardState.WAITING:
            queue = queue_name(dossier.call.queue_id, tenant.plan)
            return _("waiting · %(queue)s", queue=queue) if queue else _("waiting")
        case CardState.RINGING:
            names = [name for one in _still_ring(dossier, tenant) if (name := operator_name(one, tenant))]
            match names:
                case []:
                    return _("ringing")
                case [name]:
                    return _("ringing at %(name)s", name=name)
                case [one, other]:
                    return _("ringing at %(one)s and %(other)s", one=one, other=other)
                case _:
                    return _("ringing at %(name)s and others", name=names[0])


def _since(dossier: Dossier) -> datetime:
    """When the caller came to where they are now."""
    call, ringing = dossier.call, dossier.ringing
    if began := call.ended_at or call.answered_at:
        return began
    if ringing.phones:
        return min(ringing.phones.values())
    return ringing.waits_since or call.started_at


def rank_of(call: CallRecord, seat: Seat, state: CardState) -> int:
    """Where a card stands, the smallest number first: the call that one is in, what rings at one's own telephone, VIPs,
    what one is asked about, what one may be the next to take, the rest."""
    is_vip = call.reason_code == ReasonCode.VIP
    match state:
        case CardState.ANSWERED:
            return 0 if seat.has_answered else 8
        case CardState.ENDED:
            return 4
        case CardState.RINGING if seat.rings_here:
            return 1 if is_vip else 2
        case _ if is_vip:
            return 3
        case CardState.MENU:
            return 7
        case _:
            return 5 if seat.is_mine else 6


def _still_ring(dossier: Dossier, tenant: TenantRows) -> list[str]:
    """Of the phones that have been rung those that may still ring: a chain rings one after the other."""
    operators, newest = tenant.rows["operator"], max(dossier.ringing.phones.values(), default=dossier.call.started_at)
    return [
        one
        for one, since in dossier.ringing.phones.items()
        if one in operators and since + timedelta(seconds=operators[one]["ring_seconds"]) > newest
    ]


def _past(earlier: CallRecord, dossier: Dossier, tenant: TenantRows) -> PastCall:
    note = dossier.last_note
    # Operators see what was done, never on which list somebody stood.
    outcome = _("Not put through") if shown_as(earlier) is Shown.HIDDEN else outcome_of(earlier, tenant)
    if note is not None and note.outcome is not None:
        outcome = f"{outcome} · {NotedOutcome(note.outcome).words}"
    when = _when(earlier, dossier.call, tenant)
    return PastCall(when, outcome, note.note, note.satisfaction) if note else PastCall(when, outcome)


def _clock(call: CallRecord, tenant: TenantRows, now: datetime) -> str:
    """When the call came, with its day unless that is today."""
    zone = zone_of(call, tenant)
    mine = reader_zone(zone)
    there = call.started_at.astimezone(mine)
    clock = clock_for_reader(call.started_at, zone)
    return clock if there.date() == now.astimezone(mine).date() else f"{day_in_words(there, 'd MMM')}, {clock}"


def _when(earlier: CallRecord, call: CallRecord, tenant: TenantRows) -> str:
    zone = zone_of(call, tenant)
    mine = reader_zone(zone)
    then, now = earlier.started_at.astimezone(mine), call.started_at.astimezone(mine)
    days, clock = (now.date() - then.date()).days, clock_for_reader(earlier.started_at, zone)
    match days:
        case 0:
            return _("today %(time)s", time=clock)
        case 1:
            return _("yesterday %(time)s", time=clock)
        case _:
            day = day_in_words(then, "d MMM y" if days > 300 else "d MMM")
            return f"{day} {clock}"
