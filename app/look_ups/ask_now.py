"""Ask a program about a number because an admin wants to see what it says. No call is behind it, so nothing of the answer is
kept."""

from sqlalchemy import select

from app.auth.principal import Principal
from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.look_ups.ask import Asked, Asker, Question
from app.look_ups.keep_answer import note_asked
from app.switchboard import Switchboard
from app.web.number_query import number_asked_for
from models import LookUpRecord


async def ask_now(board: Switchboard, who: Principal, look_up_id: str, number: str) -> Asked:
    """Also if the look-up is switched off or rests; when it answers, it rests no more. Raises :class:`NotFound` and
    :class:`Unprocessable` for what is no number."""
    question = Question(number_asked_for(board, who, number))
    clients = board.live_plan.tenant(who.tenant_id).lists.clients.by_number.get(question.number, ())
    if len(clients) == 1:
        question = Question(question.number, client_id=clients[0].id)
    async with board.sessions() as session:
        mine = select(LookUpRecord).where(LookUpRecord.tenant_id == who.tenant_id, LookUpRecord.id == look_up_id)
        look_up = await session.scalar(mine) if is_storable(look_up_id) else None
    if look_up is None:
        raise NotFound(RequestFault.NOT_FOUND)
    asker = Asker(board.secret_box, allow_private=board.settings.allow_private_targets)
    try:
        asked = await asker.ask(look_up, question)
    finally:
        await asker.close()
    async with board.sessions() as session, session.begin():
        await note_asked(session, look_up, asked, board.clock())
    return asked
