"""Numbers in queries."""

from app.auth.principal import Principal
from app.base.errors import Unprocessable
from app.base.problems.numbers import NumberNotRead
from app.switchboard import Switchboard
from filters.number import NumberUnreadable, read_number
from models import Company


def number_asked_for(board: Switchboard, who: Principal, text: str) -> str:
    """The E.164 number in ``?number=``; national forms are read with the company's country. Raises
    :class:`Unprocessable`."""
    if text.startswith(" "):  # a plus that was not written as %2B
        text = "+" + text.strip()
    company = board.live_plan.tenant(who.tenant_id).rows[Company.__tablename__][who.tenant_id]
    try:
        return read_number(text, company["country"])
    except NumberUnreadable as error:
        raise Unprocessable(NumberNotRead.of(error), field="number") from error
