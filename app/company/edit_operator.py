"""Add, change and delete operators. What may be dialled is checked here: an address is where our money goes."""

import re
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType
from sqlalchemy import select

from app.base.errors import Unprocessable
from app.edits.edit import Edit
from app.edits.in_turn import found, save, take_turn
from app.edits.in_use import refuse_if_in_use
from app.plan.rows import Row
from filters.number import NumberUnreadable, read_number
from models import Company, LineRecord, OperatorRecord, QueueRecord

_SIP: Final = re.compile(r"sips?:[A-Za-z0-9._+\-]{1,64}@[A-Za-z0-9.\-]{1,253}(?::[0-9]{1,5})?", re.ASCII)
# twilio.com/docs/voice/twiml/client: alphanumeric and underscore, at most 121 characters.
_CLIENT: Final = re.compile(r"client:[A-Za-z0-9_]{1,121}", re.ASCII)
_ORDINARY: Final = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.VOIP,
        PhoneNumberType.UAN,
    }
)
# Inmarsat, global mobile satellite, international networks and international premium rate (ITU-T E.164 annex).
_SATELLITE: Final = ("+870", "+881", "+882", "+883", "+979")
# Kept for films by ARCEP (decision 2018-0881) and Ofcom, so that demos and tests ring nobody; assigned to nobody, hence
# without a type.
_FICTION: Final = ("+3363998", "+447700900")


async def save_operator(edit: Edit, fields: Row, operator_id: str | None = None) -> Row:
    """Add an operator, or give ``fields`` (columns of :class:`models.OperatorRecord`) of one new values. Raises
    :class:`Unprocessable` naming the field."""
    await take_turn(edit)
    operator = await found(edit, OperatorRecord, operator_id) if operator_id else None
    if "address" in fields:
        company = await edit.session.get_one(Company, edit.tenant_id)
        fields["address"] = read_address(fields["address"], company.country)
        await _refuse_own_line(edit, fields["address"])
    if "queue_ids" in fields:
        fields["queue_ids"] = await _queue_ids(edit, fields["queue_ids"])
    return await save(edit, OperatorRecord, fields, operator)


async def delete_operator(edit: Edit, operator_id: str) -> None:
    """Delete an operator. Raises :class:`InUse`."""
    await take_turn(edit)
    operator = await found(edit, OperatorRecord, operator_id)
    await refuse_if_in_use(edit, "operator", operator_id)
    await edit.record_deleted(operator)


def read_address(text: str, country: str) -> str:
    """Where somebody is rung: E.164 (national forms are read with ``country``), ``sip:user@host`` or ``client:identity``.

    Raises :class:`Unprocessable`; numbers that cost more than a call (premium rate, shared cost, satellite)
    are refused, since calling them is what toll fraud is made of.
    """
    text = text.strip()
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in {"sip", "sips", "client"}:
        address = f"{scheme.lower()}:{rest}"
        if not (_SIP.fullmatch(address) or _CLIENT.fullmatch(address)):
            remedy = "Write sip:user@host, or client: and letters, digits and underscores."
            raise Unprocessable(remedy, field="address")
        return address
    try:
        number = read_number(text, country)
    except NumberUnreadable as error:
        raise Unprocessable(str(error), field="address") from error
    if number.startswith(_SATELLITE):
        raise Unprocessable("Satellite and international network numbers are not dialled.", field="address")
    kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    if kind not in _ORDINARY and not number.startswith(_FICTION):
        raise Unprocessable(
            "This is no ordinary number (premium rate, shared cost, a pager or unassigned); give a fixed, mobile, VoIP or "
            "toll-free one.",
            field="address",
        )
    return number


async def _refuse_own_line(edit: Edit, address: str) -> None:
    own = select(LineRecord.label).where(LineRecord.tenant_id == edit.tenant_id, LineRecord.number == address)
    if await edit.session.scalar(own) is not None:
        raise Unprocessable("This is one of your own lines: calls would go round in a loop.", field="address")


async def _queue_ids(edit: Edit, wanted: list[str]) -> list[str]:
    there = set(
        (await edit.session.scalars(select(QueueRecord.id).where(QueueRecord.tenant_id == edit.tenant_id))).all()
    )
    for position, queue_id in enumerate(wanted):
        if queue_id not in there:
            raise Unprocessable("There is no queue of this id.", field=f"queue_ids.{position}")
    return list(dict.fromkeys(wanted))
