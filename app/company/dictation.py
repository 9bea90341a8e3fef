"""A recording is made by telephone: somebody is rung, says it after the tone, and hangs up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pydantic import Field
from sqlalchemy import update

from app.auth.principal import Principal
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Conflict, Unavailable, Unprocessable
from app.base.problems.audio import AudioFault
from app.base.problems.calls import CallFault, NotDone, NumberNotRung
from app.base.problems.numbers import NumberNotRead
from app.base.text import is_storable
from app.company.audio import AudioIn
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.telephone.fault import Fault, TelephoneFault
from app.telephone.telephone import Telephone
from app.web.schema import Id
from filters.number import NumberUnreadable, read_number
from models import AudioRecord, Dictation
from models.base import new_id
from models.dictation import DictationState
from routing.dialling import fault_of
from routing.plan import Line
from routing.step import Step, StepKind

RING_SECONDS: Final = 45
FIRST_LOOK: Final = timedelta(seconds=10)


class DictationIn(AudioIn):
    """What is to be recorded, and who says it: ``to`` or ``operator_id``."""

    to: str = Field("", max_length=limits.ADDRESS, description="The number to ring.", examples=["+33639980011"])
    operator_id: Id | None = Field(None, description="Or the operator whose telephone rings.")


@dataclass(frozen=True, slots=True)
class _Rung:
    address: str
    line: Line
    telephone: Telephone


async def begin_dictation(board: Switchboard, who: Principal, form: DictationIn) -> Dictation:
    """Ring somebody; what they say becomes a recording. Raises :class:`Unprocessable` for an address that nobody can ring,
    :class:`Conflict` where the company has no line or its account no key, and :class:`Unavailable` where the provider has
    not done it."""
    rung = _whom_to_ring(board, await tenant_of(board, who), form)
    now = board.clock()
    row = Dictation(
        tenant_id=who.tenant_id, id=new_id(), name=form.name, language=form.language, text=form.text, actor=who.actor,
        provider=rung.line.provider, next_try_at=now + FIRST_LOOK, call_id="", state=DictationState.WAITING.value,
    )  # fmt: skip
    async with board.sessions() as session, session.begin():
        session.add(row)
        await session.flush()
        session.expunge(row)
    step = Step(StepKind.DICTATE, rung.line.number, int(now.timestamp()), language=form.language, about=row.id)
    try:
        row.call_id = await rung.telephone.ring(rung.address, rung.line.number, step, RING_SECONDS)
    except TelephoneFault as error:
        await _note(board, row, state=DictationState.FAILED.value, fault=AudioFault.NOBODY_RUNG.name.lower())
        refused = error.fault in (Fault.REFUSED, Fault.NOT_POSSIBLE_THERE)
        raise (Conflict if refused else Unavailable)(NotDone(error.fault)) from error
    await _note(board, row, call_id=row.call_id)
    return row


async def dictation_of(board: Switchboard, tenant_id: str, row_id: str) -> Dictation | None:
    """One of them as it stands; None when none has this id."""
    if not is_storable(row_id):
        return None
    async with board.sessions() as session:
        return await session.get(Dictation, {"tenant_id": tenant_id, "id": row_id})


async def _note(board: Switchboard, row: Dictation, **values: str) -> None:
    mine = Dictation.tenant_id == row.tenant_id, Dictation.id == row.id
    async with board.sessions() as session, session.begin():
        await session.execute(update(Dictation).where(*mine).values(**values))


def _whom_to_ring(board: Switchboard, tenant: TenantRows, form: DictationIn) -> _Rung:
    plan = tenant.plan
    lines = sorted(plan.lines.values(), key=lambda one: one.number) if plan else []
    if plan is None or not lines:
        raise Conflict(AudioFault.NO_LINE)
    if any(row["name"] == form.name for row in tenant.rows[AudioRecord.__tablename__].values()):
        raise Conflict(AudioFault.NAME_USED, field="name")
    if form.operator_id:
        operator = plan.operators.get(form.operator_id)
        if operator is None:
            raise Unprocessable(CallFault.UNKNOWN_OPERATOR, field="operator_id")
        address, field = operator.leg.address, "operator_id"
    else:
        country = str(tenant.rows["company"][tenant.tenant_id]["country"])
        try:
            address, field = read_number(form.to, country), "to"
        except NumberUnreadable as error:
            raise Unprocessable(NumberNotRead.of(error), field="to") from error
    if (fault := fault_of(address, plan.countries)) is not None:
        raise Unprocessable(NumberNotRung(address, fault), field=field)
    for line in lines:  # one whose provider records, and hands that out
        if (telephone := board.telephone(tenant.tenant_id, line.number)) is not None and telephone.records:
            return _Rung(address, line, telephone)
    raise Conflict(AudioFault.NOT_BY_TELEPHONE)
