"""Numbers in queries."""

from app.auth.principal import Principal
from app.base.errors import Unprocessable
from app.base.problems.numbers import NumberNotRead
from app.switchboard import Switchboard
from filters.number import NumberUnreadable, read_long_number, read_number
from models import Company


def country_of_company(board: Switchboard, who: Principal) -> str:
    """Where national forms are dialled (ISO alpha-2)."""
    company = board.live_plan.tenant(who.tenant_id).rows[Company.__tablename__][who.tenant_id]
    return str(company["country"])


def number_asked_for(board: Switchboard, who: Principal, text: str) -> str:
    """The E.164 number in ``?number=``; national forms are read with the company's country. Raises
    :class:`Unprocessable`."""
    if text.startswith(" "):  # a plus that was not written as %2B
        text = "+" + text.strip()
    try:
        return read_long_number(text) or read_number(text, country_of_company(board, who))
    except NumberUnreadable as error:
        raise Unprocessable(NumberNotRead.of(error), field="number") from error
