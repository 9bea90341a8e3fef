"""``antichambre erase``."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.roles import Role
from app.base.clock import system_clock
from app.base.language import gettext as _
from app.base.log_setup import set_up_logging
from app.base.settings import Settings
from app.base.text import is_storable
from app.cli.command import COMMAND_LINE, CommandFailed
from app.cli.company import chosen_company
from app.cli.database import running_database
from app.clients.erase_client import ErasureReport, erase_client, what_would_go
from app.holdings import HOLDINGS
from app.lifespan import running_switchboard
from app.switchboard import Switchboard
from app.words.erasure_words import place_words, what_stays
from filters.number import NumberUnreadable, read_number
from models import ClientCard, ClientNumber, Company

_NAMED_AT_MOST = 10


def erase(
    client: Annotated[str, typer.Argument(help="The client's id, or a number that nobody else has.")],
    company: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would go, and erase nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Erase a client everywhere, for good, and report what was erased where. Nothing brings them back."""
    asks = not (preview or yes)
    if asks and not sys.stdin.isatty():
        raise CommandFailed(_("Nobody can be asked here. Look with --preview, then erase with --yes."))
    set_up_logging("warning")
    with running_database(Settings()) as settings:
        report = asyncio.run(_erase(settings, client, company, preview=preview or asks))
        if asks:
            typer.echo(_words(report, gone=False), err=as_json)
            typer.confirm(_("Erase this client for good?"), abort=True, err=as_json)
            report = asyncio.run(_erase(settings, report.client_id, company, preview=False))
    if as_json:
        typer.echo(json.dumps(_told(report, preview=preview)))
    else:
        typer.echo(_words(report, gone=not preview))


async def _erase(settings: Settings, client: str, company: str | None, *, preview: bool) -> ErasureReport:
    async with _at_work(settings) as board:
        async with board.sessions() as session:
            chosen = await chosen_company(session, company)
            client_id = await _client_id(session, chosen, client)
        who = Principal(chosen.id, COMMAND_LINE, Role.ADMIN)
        act = what_would_go if preview else erase_client
        return await act(board, who, client_id, HOLDINGS)


@asynccontextmanager
async def _at_work(settings: Settings) -> AsyncIterator[Switchboard]:
    """A worker's switchboard: what an erasure has to reach (its journal, plan file and sounds) a worker reaches. It answers
    nobody, and leaves to the others what one of all does."""
    quiet = {"offer_calls": False, "deliver_webhooks": False, "renew_subscriptions": False}
    async with running_switchboard(settings.model_copy(update=quiet), system_clock) as board:
        yield board


async def _client_id(session: AsyncSession, company: Company, wanted: str) -> str:
    """Whom ``wanted`` names. An id may be that of somebody whose card is deleted: that the erasure finds out itself."""
    if not is_storable(wanted):
        raise CommandFailed(_("No client has this id or number."))
    if await session.get(ClientCard, {"tenant_id": company.id, "id": wanted}) is not None:
        return wanted
    try:
        number = read_number(wanted, company.country)
    except NumberUnreadable:
        return wanted
    query = (
        select(ClientCard.id, ClientCard.name)
        .join(
            ClientNumber, (ClientNumber.tenant_id == ClientCard.tenant_id) & (ClientNumber.client_id == ClientCard.id)
        )
        .where(ClientNumber.tenant_id == company.id, ClientNumber.number == number)
        .order_by(ClientCard.name, ClientCard.id)
        .limit(_NAMED_AT_MOST)
    )
    found = (await session.execute(query)).all()
    if not found:
        raise CommandFailed(_("No client has this id or number."))
    if len(found) > 1:
        names = ", ".join(f"“{one.name}” ({one.id})" for one in found)
        raise CommandFailed(_("Several clients have this number; give the id: %(names)s.", names=names))
    return str(found[0].id)


def _words(report: ErasureReport, *, gone: bool) -> str:
    """A line for each place, and what stays."""
    head = _("Erased for good:") if gone else _("This would go for good:")
    lines = [f"  {place_words(place)}: {count}" for place, count in report.erased.items()]
    return "\n".join([head, *lines, what_stays()])


def _told(report: ErasureReport, *, preview: bool) -> dict[str, object]:
    """As ``DELETE /clients/{id}?erase=true`` answers."""
    erased = [{"place": place.value, "count": count} for place, count in report.erased.items()]
    return {"client_id": report.client_id, "preview": preview, "erased": erased, "kept": what_stays()}
