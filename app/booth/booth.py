"""One phone booth: a telephone company of its own, some calls at once, and people who answer as they are told."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.answering.booth_ticket import BoothTicket, ticket_parameter
from app.base.errors import Conflict, Unprocessable
from app.base.language import day_and_time
from app.base.language import gettext as _
from app.base.problems.booth import BoothFault
from app.booth.booth_clock import BoothClock
from app.booth.booth_document import told_of
from app.booth.commands import Behave, ChangeSpeed, Command, HangUp, PlaceCall, Press, caller_text, shift_to
from app.booth.open_booths import OpenBooths
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.words.answers import AnswerReader
from app.words.heard_in_words import heard_in_words
from app.words.number_words import grouped
from filters.attestation import Attestation
from filters.number import NumberUnreadable, read_number
from models import ProviderAccount
from routing.call_queue import in_order
from routing.plan import Line as OurLine
from routing.plan import RoutingPlan
from simulator import Call, Document, Event, PhoneCompany
from simulator.interruptions import LineHungUp
from simulator.line import Line

CALLS_AT_ONCE: Final = 5
PICKS_UP_AFTER: Final = 4
VOICEMAIL_AFTER: Final = 8
_TALKS_FOR: Final = 3600
_TICK: Final = 0.25
_FOLLOWED_TICKS: Final = 12
"""How long a call's record is read again after something happened: the journal's shipper takes some milliseconds."""
_GOODBYE_SECONDS: Final = 3.0

Tell = Callable[[dict[str, object]], None]
RecordOf = Callable[[Switchboard, str, str, ZoneInfo], Awaitable[dict[str, object] | None]]
"""What the page shows of a stored call: company, call and the line's time zone; None before it is stored."""


@dataclass(slots=True)
class _Followed:
    """A call and what the browser was told of it last."""

    call: Call
    line: OurLine
    state: dict[str, object] = field(default_factory=dict)
    record: dict[str, object] | None = None
    ticks_left: int = _FOLLOWED_TICKS
    over: bool = False


class Booth:
    """Everything that one open page of the booth has. ``tell`` sends a message to its browser.

    ``address`` is where this installation really listens, e.g. ``http://127.0.0.1:8000``; what is signed is its public
    address. Use it as an async context manager: leaving it ends its calls. Raises :class:`Conflict` when the
    company has no line, or no provider account for which anybody but the provider can sign.
    """

    def __init__(
        self, board: Switchboard, booths: OpenBooths, tenant: TenantRows, address: str, tell: Tell, record_of: RecordOf
    ) -> None:
        self._board, self._booths, self._tenant_id = board, booths, tenant.tenant_id
        self._tell, self._record_of = tell, record_of
        self._clock = BoothClock()
        self._calls: dict[str, _Followed] = {}
        self._how: dict[str, str] = {}
        accounts = list(tenant.rows[ProviderAccount.__tablename__].values())
        if tenant.plan is None or not tenant.plan.lines or not accounts:
            raise Conflict(BoothFault.NOT_SET_UP)
        self._known_plan = tenant.plan
        self._phones = self._companies(accounts, address)
        for phones in self._phones.values():
            phones.on_event(self._heard)
            phones.on_document(self._answered)
        for who, how in self._first_behaviours().items():
            self._behave(who, how)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up everywhere, so that the service hears of it, and close."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                self._clock.change_speed(1.0)
                running = [one.call for one in self._calls.values() if not one.over]
                await asyncio.gather(*(call.hang_up() for call in running))
                await asyncio.gather(*(call.ended() for call in running), return_exceptions=True)
        for one in self._calls.values():
            if not one.over:
                self._booths.call_is_over()
        for phones in self._phones.values():
            await phones.close()

    def _companies(self, accounts: list[Row], address: str) -> dict[str, PhoneCompany]:
        """A telephone company for each provider for which anybody else can sign, by the provider's name."""
        companies: dict[str, PhoneCompany] = {}
        for account in accounts:
            name = account["provider"]
            if name not in companies and (stand_in := PROVIDERS[name].stand_in) is not None:
                key = self._board.secret_box.decrypt(account["token"])
                companies[name] = PhoneCompany(
                    self._board.settings.base_url,
                    account["account_sid"],
                    key,
                    clock=self._clock,
                    provider=stand_in(key),
                    connect_to=address,
                )
        if not companies:
            raise Conflict(BoothFault.NOBODY_CAN_SIGN)
        return companies

    @property
    def _plan(self) -> RoutingPlan:
        """As it is now: what is edited while the booth is open counts for the next call."""
        self._known_plan = self._board.live_plan.plan_of(self._tenant_id) or self._known_plan
        return self._known_plan

    @property
    def _reader(self) -> AnswerReader:
        return AnswerReader(self._plan)

    def people(self) -> list[dict[str, object]]:
        """Who can be rung, and how they behave."""
        operators = sorted(self._plan.operators.values(), key=lambda one: (not one.management, one.position))
        return [
            {
                "who": one.leg.address,
                "name": one.leg.name,
                "confirm": one.leg.confirm,
                "how": self._how[one.leg.address],
            }
            for one in operators
        ]

    async def do(self, command: Command) -> None:
        """Carry out what the browser asks for. Raises :class:`Problem`."""
        match command:
            case PlaceCall():
                await self._place(command)
            case Press():
                if not (call := self._running(command.call)).is_over:
                    call.keypad.press(command.keys)
            case HangUp() if command.who:
                for leg in self._running(command.call).legs:
                    if leg.party.address == command.who:
                        leg.interrupt(LineHungUp("callee"))
            case HangUp():
                self._running(command.call).interrupt(LineHungUp("caller"))
            case Behave():
                if command.who not in self._how:
                    raise Unprocessable(BoothFault.UNKNOWN_ADDRESS, field="who")
                self._behave(command.who, command.how)
            case ChangeSpeed():
                self._clock.change_speed(float(command.times))

    async def follow(self) -> None:
        """Tell how the calls stand, for ever."""
        while True:
            await asyncio.sleep(_TICK)
            for one in list(self._calls.values()):
                await self._tell_state(one)

    async def _place(self, wanted: PlaceCall) -> None:
        if sum(not one.over for one in self._calls.values()) >= CALLS_AT_ONCE:
            raise Conflict(BoothFault.TOO_MANY_CALLS)
        line = next((one for one in self._plan.lines.values() if one.id == wanted.line), None)
        if line is None:
            raise Unprocessable(BoothFault.UNKNOWN_LINE, field="line")
        if (phones := self._phones.get(line.provider)) is None:
            raise Conflict(BoothFault.NOBODY_CAN_SIGN)
        now = self._board.clock()
        shift, caller = shift_to(wanted.at, line, now), as_sent(caller_text(wanted.caller), line)
        sid = phones.provider.new_call_id()
        call = await phones.place_call(
            caller,
            line.number,
            attestation=None if wanted.attestation is Attestation.NONE else wanted.attestation.value,
            caller_name=caller_text(wanted.name) or None,
            extra=ticket_parameter(self._board.settings, sid, BoothTicket(shift)),
            call_sid=sid,
        )
        self._calls[sid] = _Followed(call, line)
        self._booths.call_begins()
        as_of = day_and_time(now + timedelta(seconds=shift), line.zone) if shift else ""
        self._tell(
            {
                "is": "call",
                "call": sid,
                "label": wanted.label or wanted.name or grouped(caller),
                "caller": grouped(caller),
                "line": line.label or grouped(line.number),
                "asOf": as_of,
            }
        )

    def _running(self, sid: str) -> Call:
        if sid not in self._calls:
            raise Unprocessable(BoothFault.UNKNOWN_CALL, field="call")
        return self._calls[sid].call

    def _first_behaviours(self) -> dict[str, str]:
        """Managers take calls, and so does the first operator; the others are out, so that there is somebody to change."""
        how = {}
        first = min(
            (one for one in self._plan.operators.values() if not one.management),
            key=lambda one: (one.position, one.leg.operator_id),
            default=None,
        )
        for one in self._plan.operators.values():
            takes = "accepts" if one.leg.confirm else "answers"
            how[one.leg.address] = takes if one.management or one is first else "silent"
        return how

    def _behave(self, who: str, how: str) -> None:
        self._how[who] = how
        for phones in self._phones.values():
            self._behave_in(phones, who, how)

    def _behave_in(self, phones: PhoneCompany, who: str, how: str) -> None:
        phone = phones.phone(who).talks_for(_TALKS_FOR)
        match how:
            case "accepts":
                phone.answers_after(PICKS_UP_AFTER).presses("1")
            case "answers":
                phone.answers_after(PICKS_UP_AFTER).presses()
            case "voicemail":
                phone.voicemail_answers_after(VOICEMAIL_AFTER)
            case "busy":
                phone.busy()
            case _:
                phone.never_answers()
        phone.at_once()

    # --- what the telephone company tells ----------------------------------------------------------------------

    def _heard(self, line: Line, event: Event) -> None:
        told = heard_in_words(event, self._reader.name_of)
        if told is None:
            return
        if "url" in told:
            told["url"] = self._own_path(str(told["url"]))
        whose = "" if line.root is line else self._reader.name_of(line.to)
        self._tell({"is": "heard", "call": line.root.sid, "whose": whose, "at": round(event.at), **told})
        self._look_again(line.root.sid)

    def _answered(self, line: Line, document: Document) -> None:
        told = told_of(document, self._plan, self._board.step_key)
        self._tell({"is": "document", "call": line.root.sid, "at": round(document.at), **told})
        self._look_again(line.root.sid)

    def _own_path(self, url: str) -> str:
        """The path of audio of ours, which the page may play; nothing for what only Twilio has."""
        return urlsplit(url).path if url.startswith(self._board.settings.base_url + "/") else ""

    def _look_again(self, sid: str) -> None:
        if (one := self._calls.get(sid)) is not None:
            one.ticks_left = _FOLLOWED_TICKS

    async def _tell_state(self, one: _Followed) -> None:
        state = self._state_of(one)
        if state != one.state:
            one.state = state
            self._tell({"is": "state", "call": one.call.sid, **state})
        if one.ticks_left:
            one.ticks_left -= 1
            record = await self._record_of(self._board, self._tenant_id, one.call.sid, one.line.zone)
            if record is not None and record != one.record:
                one.record = record
                self._tell({"is": "record", "call": one.call.sid, **record})
        if one.call.is_over and not one.over:
            one.over = True
            self._booths.call_is_over()
            if one.call.crash is not None:
                raise one.call.crash

    def _state_of(self, one: _Followed) -> dict[str, object]:
        call, name_of = one.call, self._reader.name_of
        people = [
            {"who": leg.party.address, "name": name_of(leg.party.address), "rings": leg.answered_at is None}
            for leg in call.legs
            if not leg.is_over
        ]
        return {
            "over": call.is_over,
            "answered": call.answered_at is not None,
            "listening": call.keypad.listening,
            "people": people,
            "waits": "" if call.member is None else self._place_in_queue(call.sid),
        }

    def _place_in_queue(self, sid: str) -> str:
        for queue in self._plan.queues.values():
            waiting = self._board.open_calls.waiting_in(self._tenant_id, queue.id, booth=True)
            order = [one.call_id for one in in_order(waiting, self._board.clock())]
            if sid in order:
                place, name = order.index(sid) + 1, queue.name
                return _("Queue “%(queue)s”, position %(place)s of %(of)s", queue=name, place=place, of=len(order))
        return ""


def as_sent(caller: str, line: OurLine) -> str:
    """A number as the network would send it, however it was typed; anything else as it is."""
    try:
        return read_number(caller, line.country)
    except NumberUnreadable:
        return caller
