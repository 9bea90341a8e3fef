"""Change the company: its name and place, its treatments, and the numbers that cannot be blocked."""

from app.base.errors import Unprocessable
from app.base.text import refuse_unstorable
from app.edits.edit import Edit
from app.edits.in_turn import take_turn
from app.edits.place import check_place
from app.plan.rows import Row, as_row
from filters.number import NumberUnreadable, read_number
from models import Company


async def change_company(edit: Edit, fields: Row) -> Row:
    """Give ``fields`` (columns of :class:`models.Company`) new values. ``treatments`` are merged into what was chosen
    before. Raises :class:`Unprocessable`."""
    await take_turn(edit)
    company = await edit.session.get_one(Company, edit.tenant_id)
    before = as_row(company)
    check_place(fields)
    if "treatments" in fields:
        fields["treatments"] = company.treatments | fields["treatments"]
    if "protected" in fields:
        fields["protected"] = _numbers(fields["protected"], fields.get("country", company.country))
    for name, value in fields.items():
        refuse_unstorable(value, name)
        setattr(company, name, value)
    return await edit.record_changed(company, before)


def _numbers(texts: list[str], country: str) -> list[str]:
    numbers: list[str] = []
    for position, text in enumerate(texts):
        try:
            numbers.append(read_number(text, country))
        except NumberUnreadable as error:
            raise Unprocessable(str(error), field=f"protected.{position}") from error
    return list(dict.fromkeys(numbers))
