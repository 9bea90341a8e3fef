"""Add, change and delete lines (DIDs)."""

from sqlalchemy import select

from app.base.errors import NameTaken, Unprocessable
from app.edits.edit import Edit
from app.edits.in_turn import found, save, take_turn
from app.edits.in_use import refuse_if_in_use
from app.edits.place import check_place
from app.plan.rows import Row
from filters.number import NumberUnreadable, read_number
from models import Company, LineRecord, OperatorRecord


async def save_line(edit: Edit, fields: Row, line_id: str | None = None) -> Row:
    """Add a line, or give ``fields`` (columns of :class:`models.LineRecord`) of one new values.

    ``number`` may be in any form that is dialled in the line's ``country``; country, time zone and language default to
    the company's. Raises :class:`Problem` naming the field.
    """
    await take_turn(edit)
    line = await found(edit, LineRecord, line_id) if line_id else None
    company = await edit.session.get_one(Company, edit.tenant_id)
    if line is None:
        own = {"country": company.country, "time_zone": company.time_zone, "language": company.language}
        fields = fields | {name: fields.get(name) or default for name, default in own.items()}
    check_place(fields)
    if "number" in fields:
        country = fields.get("country") or (line.country if line else company.country)
        fields["number"] = await _number(edit, fields["number"], country, line_id)
    return await save(edit, LineRecord, fields, line)


async def delete_line(edit: Edit, line_id: str) -> None:
    """Delete a line. Raises :class:`InUse` while list entries are limited to it: without it they would apply to
    no line, and without their limit to every one."""
    await take_turn(edit)
    line = await found(edit, LineRecord, line_id)
    await refuse_if_in_use(edit, "line", line_id)
    await edit.record_deleted(line)


async def _number(edit: Edit, text: str, country: str, line_id: str | None) -> str:
    try:
        number = read_number(text, country)
    except NumberUnreadable as error:
        raise Unprocessable(str(error), field="number") from error
    taken = select(LineRecord.id).where(LineRecord.number == number, LineRecord.id != (line_id or ""))
    if await edit.session.scalar(taken):
        raise NameTaken(f"{number} is a line already.", field="number")
    operator = await edit.session.scalar(
        select(OperatorRecord.name).where(OperatorRecord.tenant_id == edit.tenant_id, OperatorRecord.address == number)
    )
    if operator is not None:
        raise Unprocessable(
            f"{number} rings the operator {operator}; as a line too, calls would go round in a loop.", field="number"
        )
    return number
