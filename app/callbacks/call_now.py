"""Calling somebody with one click: my telephone rings first, then theirs. It is logged as a call-back, with its client, that
is done when somebody has answered there."""

from app.auth.principal import Principal
from app.auth.tenant import tenant_of
from app.base.errors import Unprocessable
from app.base.problems.calls import CallFault
from app.callbacks.derive_callbacks import DUE_AFTER
from app.callbacks.edit_callback import open_one, refuse_unknown_client, tell_callbacks
from app.callbacks.ring_back import ring_back
from app.event_log.records import FactKind
from app.switchboard import Switchboard
from app.web.number_query import number_asked_for
from models import Callback
from models.base import new_id
from models.callback import CallbackReason, CallbackState


async def call_now(board: Switchboard, who: Principal, number: str, client_id: str | None) -> tuple[Callback, str]:
    """Ring ``who``, and then the number. Returns the call-back under which it is logged, the number's open one if there is
    one, and the provider's id of the call. Nothing is logged of a call that was not made. Raises :class:`Problem`."""
    tenant, now = await tenant_of(board, who), board.clock()
    if who.operator_id is None:
        raise Unprocessable(CallFault.YOU_TAKE_NO_CALLS)
    e164 = number_asked_for(board, who, number)
    refuse_unknown_client(client_id, tenant)
    async with board.sessions() as session, session.begin():
        record = await open_one(session, who.tenant_id, e164)
        is_new = record is None
        if record is None:
            record = Callback(
                tenant_id=who.tenant_id, id=new_id(), number=e164, client_id=client_id, reason=CallbackReason.PROMISED.value,
                state=CallbackState.OPEN.value, due_at=now + DUE_AFTER, opened_at=now, owner_id=who.operator_id,
                taken_by=who.actor, note="", attempts=0,
            )  # fmt: skip
            session.add(record)
        record.client_id = record.client_id or client_id
        call_id = await ring_back(board, record, who.operator_id, tenant, who.actor)
    await tell_callbacks(board, FactKind.CALLBACK_OPENED if is_new else FactKind.CALLBACK_CHANGED, [record])
    return record, call_id
