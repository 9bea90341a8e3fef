"""Before somebody changes how they sign in they show once more that they know their password: the browser may have been left
open."""

from fastapi import Request

from app.auth.passwords import GoneAway, TooBusy, password_is_right, place_in_queue
from app.auth.principal import Principal
from app.auth.sign_in_attempts import Attempt, forget_attempts, may_try
from app.base.errors import NotAuthenticated, Unprocessable
from app.base.problems.people import PeopleFault
from app.base.problems.requests import RequestFault
from app.switchboard import Switchboard
from models import UserAccount


def own_user_id(who: Principal) -> str:
    """The person's id. Raises :class:`NotAuthenticated` for programs."""
    if who.user_id is None:
        raise NotAuthenticated(RequestFault.PAGES_ARE_FOR_PEOPLE)
    return who.user_id


async def own_account(board: Switchboard, who: Principal) -> UserAccount:
    """The person's account."""
    async with board.sessions() as session:
        return await session.get_one(UserAccount, {"tenant_id": who.tenant_id, "id": own_user_id(who)})


async def check_own_password(
    request: Request, board: Switchboard, user: UserAccount, typed: str, field: str = "old"
) -> None:
    """Whoever sits down at an open browser has no more guesses than at the sign-in. Raises :class:`Unprocessable`."""
    guess = Attempt(user.email, "", f"own settings of {user.id}")
    async with board.sessions() as session, session.begin():
        if not await may_try(session, guess, board.clock):
            raise Unprocessable(PeopleFault.TOO_MANY_GUESSES, field=field)
    try:
        with place_in_queue():
            right = await password_is_right(typed, user.password_hash, request.is_disconnected)
    except (TooBusy, GoneAway) as error:
        raise Unprocessable(PeopleFault.TOO_MANY_GUESSES, field=field) from error
    if not right:
        raise Unprocessable(PeopleFault.PASSWORD_WRONG, field=field)
    async with board.sessions() as session, session.begin():
        await forget_attempts(session, guess)
