"""``antichambre explain``."""

import asyncio
from typing import Annotated

import msgspec
import typer

from app.answering.answer_call import called_line
from app.base.clock import system_clock
from app.base.database import create_engine
from app.base.language import gettext as _
from app.base.settings import Settings
from app.calls.explain_call import explain_call
from app.cli.command import CommandFailed
from app.cli.database import running_database
from app.plan.load_plan import load_all
from app.plan.number_builder import NumberBuilder
from app.words.told_decision import ToldDecision, ToldTest, tell_test


def explain(
    number: Annotated[str, typer.Argument(help="The caller ID: a number, anonymous, sip:…")],
    to: Annotated[str, typer.Option(help="The called line.")],
    at: Annotated[str | None, typer.Option(help="RFC 3339; without a zone the line's. Now when left out.")] = None,
    attestation: Annotated[str, typer.Option(help="A, B, C, failed or none.")] = "none",
    as_json: Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")] = False,
) -> None:
    """Say what would happen to a call, and why. Nothing is recorded."""
    with running_database(Settings()) as settings:
        told = asyncio.run(_explain(settings, number, to, at, attestation))
    if as_json:
        typer.echo(msgspec.json.encode(told).decode())
        return
    typer.secho(f"{told.action}: {told.reason.text} ({told.reason.code})", bold=True)
    for step in told.trace:
        typer.echo(f"  {'✓' if step.decided else '·'} {step.title} {step.text}")
    for warning in told.warnings if isinstance(told, ToldTest) else ():
        typer.echo(_("Note: %(text)s", text=warning.text))


async def _explain(
    settings: Settings, number: str, to: str, at: str | None, attestation: str
) -> ToldTest | ToldDecision:
    engine = create_engine(settings.database_url or "")
    try:
        builder = NumberBuilder(settings.database_url or "", settings.data_dir)
        stands_for, tenants = await load_all(engine, builder)
    finally:
        await engine.dispose()
    now = system_clock()
    plans = []
    for tenant in tenants.values():
        tenant.rebuild(stands_for.version, now)
        if tenant.plan is not None:
            plans.append(tenant.plan)
    if not plans:
        raise CommandFailed(_("There is no company yet; make one with `antichambre setup`."))
    plan = next((plan for plan in plans if called_line(plan, to) in plan.lines), plans[0])
    return tell_test(explain_call(plan, number, to, at, attestation, now), plan)
