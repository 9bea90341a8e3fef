"""``/operators``: who takes calls, and where they are rung. What may be dialled is checked here: an address is where our
money goes."""

import re
from collections.abc import Callable, Set
from datetime import datetime
from typing import Final

from pydantic import BaseModel, Field
from sqlalchemy import select

from app.auth.principal import Principal
from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault, CountryNotChosen, IntervalNotRead, RungByKeys
from app.base.problems.numbers import NumberNotRead
from app.calls.operator_now import OperatorNow, operators_now
from app.company.operator_presence import PresenceOut, presence_columns, presence_in
from app.edits.edit import Edit
from app.edits.in_use import users_of
from app.plan.rows import Row
from app.switchboard import Switchboard
from app.web.resource import Resource
from app.web.schema import Id, Input, Name, Stored
from filters.number import NumberUnreadable, read_number
from models import Company, LineRecord, MenuRecord, OperatorRecord, QueueRecord
from routing.dialling import AddressFault, fault_of
from routing.hours import IntervalUnreadable, read_interval
from routing.presence import PresenceState

_SIP: Final = re.compile(r"sips?:[A-Za-z0-9._+\-]{1,64}@[A-Za-z0-9.\-]{1,253}(?::[0-9]{1,5})?", re.ASCII)
# twilio.com/docs/voice/twiml/client: alphanumeric and underscore, at most 121 characters.
_CLIENT: Final = re.compile(r"client:[A-Za-z0-9_]{1,121}", re.ASCII)


class OperatorIn(Input):
    """An operator."""

    name: Name = Field(examples=["Olga"])
    address: str = Field(
        max_length=limits.ADDRESS, examples=["+33639980011"],
        description="A number, `sip:user@host` or `client:identity`. Costly numbers, our own lines and "
        "countries that the company has not chosen (`countries` of `/company`) are refused.",
    )  # fmt: skip
    queue_ids: list[Id] = Field([], max_length=limits.QUEUES_OF_OPERATOR, description="The queues that they serve.")
    management: bool = Field(False, description="Rung for VIPs, outside of the opening hours too.")
    position: int = Field(0, ge=0, le=10_000, description="Their order among those who are rung one after the other.")
    ring_seconds: int = Field(20, ge=5, le=120, description="Below the time after which a mobile's mailbox answers.")
    quiet_hours: str | None = Field(
        None, max_length=20, examples=["22:00-07:00"],
        description="Every day by the company's clock: whoever is management is not rung for VIPs then. Null: at any hour.",
    )  # fmt: skip
    quiet_unless_urgent: bool = Field(
        False, description="While everybody of management is quiet, VIPs may press 1 because it is urgent, which rings "
        "them all the same.",
    )  # fmt: skip
    confirm: bool = Field(False, description="They press 1 to take a call, so that no mailbox ever does.")
    available: bool = Field(True, description="`presence` in one bit. False: a break without an end.")


class BusyWithOut(BaseModel):
    """A call that they have taken, or that rings on their telephone."""

    call_id: str
    talking: bool
    since: datetime | None


class OperatorOut(Stored):
    """An operator as stored, and what they do now."""

    name: str
    address: str
    queue_ids: list[str]
    management: bool
    position: int
    ring_seconds: int
    quiet_hours: str | None
    quiet_unless_urgent: bool
    confirm: bool
    available: bool
    presence: PresenceOut
    busy_with: BusyWithOut | None


class Operators(Resource[OperatorRecord]):
    """An operator can be dialled at the price of a call, is no line of ours, and serves queues that are there."""

    async def check(self, edit: Edit, fields: Row, record: OperatorRecord | None) -> None:
        """Raises :class:`Unprocessable` naming the field."""
        if "address" in fields:
            company = await edit.session.get_one(Company, edit.tenant_id)
            countries = await countries_of_company(edit, company)
            fields["address"] = read_address(fields["address"], company.country, countries)
            await refuse_own_line(edit, fields["address"])
        if (quiet := fields.get("quiet_hours")) is not None:
            try:
                read_interval(quiet)
            except IntervalUnreadable as error:
                raise Unprocessable(IntervalNotRead.of(error), field="quiet_hours") from error
        if fields.get("management") and record is not None and not record.management:
            users = users_of(edit.session, edit.tenant_id, OperatorRecord, record.id)
            if menus := [one.name async for one in users if one.resource == MenuRecord.resource]:
                raise Unprocessable(RungByKeys(tuple(menus)), field="management")
        if "queue_ids" in fields:
            fields["queue_ids"] = await _queue_ids(edit, fields["queue_ids"])
        if (available := fields.pop("available", None)) is not None and (
            record is None or record.available is not available
        ):
            state = PresenceState.AVAILABLE if available else PresenceState.BREAK
            fields |= presence_columns(state, edit.now)

    def shown(self, row: Row) -> Row:
        """With presence in one."""
        available = row["presence"] == PresenceState.AVAILABLE
        return {"busy_with": None} | row | {"presence": presence_in(row), "available": available}

    async def see_now(self, board: Switchboard, who: Principal) -> Callable[[Row], Row]:
        """With what their calls tell."""
        plan = board.live_plan.plan_of(who.tenant_id)
        now = {one.operator_id: one for one in operators_now(plan, board.open_calls, board.clock())} if plan else {}
        return lambda row: _with_calls(row, now.get(row["id"]))


def _with_calls(row: Row, now: OperatorNow | None) -> Row:
    if now is None:
        return row
    row = row | {"busy_with": now.busy_with._asdict() if now.busy_with else None}
    if now.state != row["presence"]:  # after-call work has begun, or a break is over
        row |= {"presence": now.state.value, "presence_reason": "", "presence_until": now.until}
    return row


OPERATORS = Operators(
    OperatorRecord, OperatorIn, "operator", out=OperatorOut, finds=[OperatorRecord.name, OperatorRecord.address],
    finds_number=OperatorRecord.address, about="Who takes calls, and where they are rung.", lists="All operators.",
    reads="One operator.", adds="Add somebody who takes calls.",
    deletes="Delete an operator whom no menu and no account names.",
)  # fmt: skip


def read_address(text: str, country: str, countries: frozenset[str], field: str = "address") -> str:
    """Where somebody is rung: E.164 (national forms are read with ``country``), ``sip:user@host`` or ``client:identity``.

    Raises :class:`Unprocessable`; numbers that cost more than a call (premium rate, shared cost, satellite) or are of none
    of the ``countries`` are refused, since calling them is what toll fraud is made of; so are private networks.
    """
    text = text.strip()
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in {"sip", "sips", "client"}:
        address = f"{scheme.lower()}:{rest}"
        if not (_SIP.fullmatch(address) or _CLIENT.fullmatch(address)):
            raise Unprocessable(CompanyFault.ADDRESS_NOT_VALID, field=field)
    else:
        try:
            address = read_number(text, country)
        except NumberUnreadable as error:
            raise Unprocessable(NumberNotRead.of(error), field=field) from error
    if (fault := fault_of(address, countries)) is not None:
        raise Unprocessable(_cause(fault, address, countries), field=field)
    return address


def is_one_telephone(one: str, other: str, country: str) -> bool:
    """Whether two texts that were typed mean one telephone; what cannot be read is compared as it stands."""
    return _compared(one, country) == _compared(other, country)


def _compared(text: str, country: str) -> str:
    try:
        return read_number(text.strip(), country)
    except NumberUnreadable:
        return text.strip().lower()


def _cause(fault: AddressFault, address: str, countries: Set[str]) -> CompanyFault | CountryNotChosen:
    match fault:
        case AddressFault.SATELLITE:
            return CompanyFault.ADDRESS_IS_SATELLITE
        case AddressFault.NO_ORDINARY_NUMBER:
            return CompanyFault.ADDRESS_IS_NO_ORDINARY_NUMBER
        case AddressFault.PRIVATE_HOST:
            return CompanyFault.ADDRESS_IS_PRIVATE
        case AddressFault.OTHER_COUNTRY:
            return CountryNotChosen(address, tuple(sorted(countries)))


async def countries_of_company(edit: Edit, company: Company) -> frozenset[str]:
    """Whose numbers may be rung: read here and not from the plan, which has the changes before this one only."""
    of_lines = select(LineRecord.country).where(LineRecord.tenant_id == edit.tenant_id)
    return frozenset((await edit.session.scalars(of_lines)).all()) | frozenset(company.treatments.get("countries", ()))


async def refuse_own_line(edit: Edit, address: str, field: str = "address") -> None:
    """Raises :class:`Unprocessable` for a line of the company: its callers would go round in a loop."""
    own = select(LineRecord.label).where(LineRecord.tenant_id == edit.tenant_id, LineRecord.number == address)
    if await edit.session.scalar(own) is not None:
        raise Unprocessable(CompanyFault.ADDRESS_IS_OWN_LINE, field=field)


async def _queue_ids(edit: Edit, wanted: list[str]) -> list[str]:
    there = set(
        (await edit.session.scalars(select(QueueRecord.id).where(QueueRecord.tenant_id == edit.tenant_id))).all()
    )
    for position, queue_id in enumerate(wanted):
        if queue_id not in there:
            raise Unprocessable(CompanyFault.UNKNOWN_QUEUE, field=f"queue_ids.{position}")
    return list(dict.fromkeys(wanted))
