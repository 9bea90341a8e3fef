"""``antichambre user add``, ``user reset-password`` and ``user reset-second-factor``."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from sqlalchemy import select

from app.auth.account_name import account_name
from app.auth.roles import Role
from app.base.clock import system_clock
from app.base.database import create_engine, session_maker
from app.base.language import gettext as _
from app.base.settings import Settings
from app.cli.command import COMMAND_LINE, CommandFailed
from app.cli.company import chosen_company
from app.cli.database import running_database
from app.edits.edit import Edit, editing
from app.people.invitations import InvitationIn, add_invitation
from app.people.one_time_links import LinkKind, link_of
from app.people.reset_links import add_reset, reset_second_factor
from app.web.schema import validated
from models import UserAccount

commands = typer.Typer(help="People who sign in.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="Their e-mail address.")]
Chosen = Annotated[str | None, typer.Option("--company", help="Which company, by id or name, if there are several.")]


@commands.command("add")
def add(
    email: Email,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.OPERATOR,
    name: Annotated[str, typer.Option(help="Their name; they can change it.")] = "",
    operator: Annotated[str | None, typer.Option(help="The id of the operator whose calls they take.")] = None,
    language: Annotated[str | None, typer.Option(help="Of the pages: en, es, fr or ru.")] = None,
    may_block: Annotated[bool, typer.Option(help="Whether an operator may block callers.")] = True,
    company: Chosen = None,
) -> None:
    """Invite somebody: prints a link that works once, for seven days."""
    form = validated(
        InvitationIn,
        {
            "email": email, "role": role, "name": name, "operator_id": operator, "language": language,
            "may_block": may_block,
        },
    )  # fmt: skip

    async def invite(edit: Edit) -> str:
        return (await add_invitation(edit, form))[1]

    _print_link(LinkKind.INVITE, company, None, invite)


@commands.command("reset-password")
def reset_password(email: Email) -> None:
    """Print a link by which somebody chooses a new password; it works once, for an hour."""

    async def reset(edit: Edit) -> str:
        return (await add_reset(edit, await _user_id(edit, email)))[2]

    _print_link(LinkKind.RESET, None, email, reset)


@commands.command("reset-second-factor")
def take_second_factor(email: Email) -> None:
    """Take a second factor away that is lost: the password alone lets them in until they set up a new one."""

    async def take(edit: Edit) -> str:
        await reset_second_factor(edit, await _user_id(edit, email))
        return ""

    with running_database(Settings()) as settings:
        asyncio.run(_edited(settings, None, email, take))
    typer.echo(_("The second factor is reset; the password alone lets them in now."))


def _print_link(kind: LinkKind, company: str | None, email: str | None, make: Callable[[Edit], Awaitable[str]]) -> None:
    with running_database(Settings()) as settings:
        secret = asyncio.run(_edited(settings, company, email, make))
    typer.echo(link_of(settings, kind, secret))


async def _edited(
    settings: Settings, company: str | None, email: str | None, make: Callable[[Edit], Awaitable[str]]
) -> str:
    """Make an edit of the company that is chosen, or of the one in which ``email`` signs in."""
    engine = create_engine(settings.database_url or "")
    sessions = session_maker(engine)
    try:
        async with sessions() as session:
            if email is None:
                tenant_id = (await chosen_company(session, company)).id
            else:
                mine = select(UserAccount.tenant_id).where(UserAccount.email == account_name(email))
                if (found := await session.scalar(mine)) is None:
                    raise CommandFailed(_("Nobody signs in with %(email)s.", email=email[:100]))
                tenant_id = found
        async with editing(sessions, tenant_id, COMMAND_LINE) as edit:
            edit.now = system_clock()
            return await make(edit)
    finally:
        await engine.dispose()


async def _user_id(edit: Edit, email: str) -> str:
    mine = UserAccount.tenant_id == edit.tenant_id, UserAccount.email == account_name(email)
    return (await edit.session.scalars(select(UserAccount.id).where(*mine))).one()
