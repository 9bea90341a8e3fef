"""``antichambre subscriptions list`` and ``subscriptions renew``."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, TypeVar

import typer
from pydantic import RootModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.base.clock import system_clock
from app.base.database import create_engine, session_maker
from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.log_setup import set_up_logging
from app.base.secrets_at_rest import SecretBox
from app.base.settings import Settings
from app.cli.command import COMMAND_LINE, CommandFailed
from app.cli.company import chosen_company
from app.cli.database import running_database
from app.cli.import_progress import Bar, wait_for_workers
from app.plan.rows import Row, as_row
from app.subscriptions.renew import RenewalGround, renew
from app.subscriptions.subscriptions_api import SUBSCRIPTIONS, SubscriptionOut, fault_words, hits_of
from app.words.subscription_words import source_words, subscription_state_words
from filters.subscription import SubscriptionState
from models import SubscriptionRecord
from models.subscription import SubscriptionSource

commands = typer.Typer(
    help="Lists that others keep.", no_args_is_help=True, pretty_exceptions_enable=False,
)  # fmt: skip
Company = Annotated[str | None, typer.Option(help="Its id or name, where there are several.")]
Answer = TypeVar("Answer")


@commands.command("list")
def list_them(
    company: Company = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array, as the API has it.")] = False,
) -> None:
    """Print every subscription: where it comes from, whether it blocks, when it was renewed, and what was wrong."""
    rows = _carry_out(company, _listed)
    if as_json:
        shown = [SubscriptionOut.model_validate(SUBSCRIPTIONS.shown(row)) for row in rows]
        typer.echo(RootModel[list[SubscriptionOut]](shown).model_dump_json())
        return
    if not rows:
        typer.echo(_("There is no subscription."))
    for row in rows:
        typer.echo(_words(row))


@commands.command("renew")
def renew_them(
    which: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Its name or id.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every one that is fetched.")] = False,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Take what comes, also if it is hard to believe.")
    ] = False,
    company: Company = None,
) -> None:
    """Ask the source now. Exit code 1 where one was not renewed; what it had before stays then."""
    if every == (which is not None):
        raise CommandFailed(_("Name a subscription, or give --all."))
    set_up_logging("error")  # what was wrong is said below, in a sentence
    rows = _carry_out(company, partial(_renewed, which, confirmed=confirmed))
    for row in rows:
        typer.echo(_words(row))
    if any(row["fault"] for row in rows):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Ground:
    engine: AsyncEngine
    tenant_id: str
    settings: Settings


async def _listed(ground: _Ground) -> list[Row]:
    """By name, with what each has met."""
    async with AsyncSession(ground.engine) as session:
        mine = select(SubscriptionRecord).where(SubscriptionRecord.tenant_id == ground.tenant_id)
        rows = [as_row(one) for one in await session.scalars(mine)]
        hits = await hits_of(session, ground.tenant_id, [row["id"] for row in rows])
    return sorted((row | hits[row["id"]] for row in rows), key=lambda row: (row["name"].casefold(), row["id"]))


async def _renewed(which: str | None, ground: _Ground, *, confirmed: bool) -> list[Row]:
    chosen = _chosen(await _listed(ground), which)
    box = SecretBox(ground.settings.key)

    async def live(version: int) -> Sequence[str]:
        return (await wait_for_workers(ground.engine, version, Bar(None)))[1]

    works_with = RenewalGround(
        system_clock, session_maker(ground.engine), box, ground.settings.allow_private_targets, live
    )  # fmt: skip
    for row in chosen:
        await renew(works_with, ground.tenant_id, row["id"], COMMAND_LINE, confirmed=confirmed)
    ids = {row["id"] for row in chosen}
    return [row for row in await _listed(ground) if row["id"] in ids]


def _chosen(rows: list[Row], which: str | None) -> list[Row]:
    if which is None:
        return [row for row in rows if row["source"] != SubscriptionSource.FILE]
    found = [row for row in rows if row["id"] == which] or [
        row for row in rows if row["name"].casefold() == which.strip().casefold()
    ]
    if not found:
        raise CommandFailed(_("No subscription has this id or name: %(wanted)s", wanted=which[:100]))
    if len(found) > 1:
        raise CommandFailed(_("Several subscriptions have this name; give the id: %(wanted)s", wanted=which[:100]))
    return found


def _words(row: Row) -> str:
    """A line, and one more for what was wrong with its last renewal."""
    at = datetime.fromisoformat(row["renewed_at"]).astimezone(UTC) if row["renewed_at"] else None
    said = "; ".join(
        (
            source_words(SubscriptionSource(row["source"])), subscription_state_words(SubscriptionState(row["state"])),
            ngettext("%(num)s number", "%(num)s numbers", row["entries"]),
            _("renewed %(when)s", when=f"{at:%Y-%m-%d %H:%M} UTC") if at else _("never renewed"),
        )
    )  # fmt: skip
    fault = fault_words(row)
    return f"{row['name']} ({row['id']}): {said}" + (f"\n  {fault}" if fault else "")


def _carry_out(company: str | None, what: Callable[[_Ground], Awaitable[Answer]]) -> Answer:
    async def carry_out(settings: Settings) -> Answer:
        engine = create_engine(settings.database_url or "")
        try:
            async with AsyncSession(engine) as session:
                tenant_id = (await chosen_company(session, company)).id
            return await what(_Ground(engine, tenant_id, settings))
        finally:
            await engine.dispose()

    with running_database(Settings()) as settings:
        return asyncio.run(carry_out(settings))
