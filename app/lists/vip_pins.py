"""The PIN of a VIP entry: set, changed, taken away, and never read back."""

from dataclasses import dataclass

from pydantic import SecretStr

from app.base.errors import Unprocessable
from app.base.problems.entries import EntryFault
from app.edits.edit import Edit
from app.plan.rows import as_row
from filters.vip_pin import PinFault, fault_of_pin, sealed_pin
from models import VipPin

_FAULTS = {PinFault.NOT_DIGITS: EntryFault.PIN_NOT_DIGITS, PinFault.GUESSED_FIRST: EntryFault.PIN_GUESSED_FIRST}


@dataclass(frozen=True, slots=True)
class NewPin:
    """The PIN that an entry is to have, as it is kept; None takes it away."""

    sealed: str | None


def new_pin(typed: SecretStr | str | None, key: bytes) -> NewPin:
    """What was ``typed``, or nothing, sealed with ``key``. Raises :class:`Unprocessable` for what is no PIN, or one that is
    guessed first."""
    if typed is None:
        return NewPin(None)
    pin = typed.get_secret_value() if isinstance(typed, SecretStr) else typed
    if (fault := fault_of_pin(pin)) is not None:
        raise Unprocessable(_FAULTS[fault], field="pin")
    return NewPin(sealed_pin(pin, key))


async def keep_pin(edit: Edit, entry_id: str, pin: NewPin) -> None:
    """Give the VIP entry this PIN, or none."""
    record = await pin_of(edit, entry_id)
    if pin.sealed is None:
        if record is not None:
            await edit.record_deleted(record, "unpin")
    elif record is None:
        await edit.record_added(VipPin(tenant_id=edit.tenant_id, id=entry_id, sealed=pin.sealed), "pin")
    else:
        before = as_row(record)
        record.sealed = pin.sealed
        await edit.record_changed(record, before, "pin")


async def pin_of(edit: Edit, entry_id: str) -> VipPin | None:
    """The entry's PIN, if it has one."""
    return await edit.session.get(VipPin, {"tenant_id": edit.tenant_id, "id": entry_id})
