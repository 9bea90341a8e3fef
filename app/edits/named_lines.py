"""Lines of the company by what people call them: their id, or their number in any form that is dialled in the country."""

from collections.abc import Iterable

from sqlalchemy import select

from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault
from app.edits.edit import Edit
from filters.number import NumberUnreadable, read_number
from models import LineRecord


async def named_lines(edit: Edit, texts: Iterable[str], country: str, field: str = "lines") -> list[LineRecord]:
    """The lines that ``texts`` name, each once, in that order; ``country`` reads national forms. Raises
    :class:`Unprocessable` naming ``field``."""
    if not (wanted := list(texts)):
        return []
    lines = (await edit.session.scalars(select(LineRecord).where(LineRecord.tenant_id == edit.tenant_id))).all()
    by_name = {line.id: line for line in lines} | {line.number: line for line in lines}
    chosen: dict[str, LineRecord] = {}
    for text in wanted:
        line = by_name.get(text) or by_name.get(_number_or_nothing(text, country))
        if line is None:
            raise Unprocessable(CompanyFault.UNKNOWN_LINE, field=field)
        chosen[line.id] = line
    return list(chosen.values())


def _number_or_nothing(text: str, country: str) -> str:
    try:
        return read_number(text, country)
    except NumberUnreadable:
        return ""
