"""The command line. An error is one sentence on standard error that says what to do, never a traceback."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.calls.answer_call import called_line
from app.clock import system_clock
from app.database import create_engine, session_maker
from app.demo.run_demo import run_demo
from app.embedded_database import DataFolderInUse, EmbeddedDatabaseError, embedded_database
from app.errors import Problem
from app.log_setup import set_up_logging
from app.migrate import migrate as migrate_database
from app.plan.explain_call import explain_call
from app.plan.load_plan import load_all
from app.secrets_at_rest import SecretBox
from app.set_up_company import CompanyForm, set_up_company
from app.settings import LOOPBACK_HOSTS, Settings
from app.startup_checks import NotReadyToStart, check_data_folder, check_schema

cli = typer.Typer(
    help="Call routing with caller filtering for cloud PBX numbers.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip


class CommandFailed(Exception):
    """Ends the command with one sentence on standard error."""


def main() -> None:
    """The console script."""
    try:
        cli()
    except (CommandFailed, NotReadyToStart, Problem, EmbeddedDatabaseError) as error:
        _fail(str(error))
    except ValidationError as error:
        _fail("; ".join(str(one["msg"]).removeprefix("Value error, ") for one in error.errors()))
    except SQLAlchemyError as error:
        _fail(f"The database refused: {str(error.__cause__ or error).splitlines()[0]}")
    except (ConnectionError, OSError) as error:
        _fail(f"{error.strerror or error}; is the address right and free?")


def _end_cleanly_when_told() -> None:
    """SIGTERM and SIGHUP end the command like an exit, so that the embedded database is stopped. uvicorn handles them
    while it serves and raises them again afterwards, which by default would end the process on the spot."""
    for told in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(told, lambda *_: sys.exit(0))


def _fail(sentence: str) -> None:
    typer.echo(sentence, err=True)
    sys.exit(1)


@contextmanager
def _database(settings: Settings, *, exclusive: bool = False, any_schema: bool = False) -> Iterator[Settings]:
    """The settings with a database that runs: the named one, the embedded one, or, for short commands, the embedded
    one of the service that is running on the data folder now. ``any_schema``: it is about to be migrated."""
    if settings.database_url is not None:
        if not any_schema:
            asyncio.run(check_schema(settings))
        yield settings
        return
    try:
        with embedded_database(settings.data_dir) as url:
            asyncio.run(_migrate(url))
            yield settings.model_copy(update={"database_url": url})
    except DataFolderInUse as error:
        if exclusive or error.url is None:
            raise
        yield settings.model_copy(update={"database_url": error.url})


async def _migrate(url: str) -> None:
    engine = create_engine(url)
    try:
        await migrate_database(engine)
    finally:
        await engine.dispose()


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer calls.")] = 1,
) -> None:
    """Answer calls and serve the pages."""
    _end_cleanly_when_told()
    settings = _settings_for(host, port)
    set_up_logging(settings.log_level)
    check_data_folder(settings)
    with _database(settings, exclusive=True) as running:
        os.environ["DATABASE_URL"] = running.database_url or ""
        uvicorn.run(
            "app.main:serving_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )


def _settings_for(host: str, port: int) -> Settings:
    settings = Settings()
    if "public_base_url" in settings.model_fields_set:
        return settings
    # Without a public address only this computer can call, which is what a first try needs.
    os.environ["ANTICHAMBRE_PUBLIC_BASE_URL"] = f"http://{host if host in LOOPBACK_HOSTS else '127.0.0.1'}:{port}"
    return Settings()


@cli.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    settings = Settings()
    with _database(settings, any_schema=True) as running:
        asyncio.run(_migrate(running.database_url or ""))
    typer.echo("The database is up to date.")


@cli.command()
def setup(
    company: Annotated[str, typer.Option(help="The company's name.")],
    line: Annotated[str, typer.Option(help="Its number (DID), like +33155512345.")],
    country: Annotated[str, typer.Option(help="ISO code, like FR; national numbers are read with it.")],
    time_zone: Annotated[str, typer.Option(help="IANA name, like Europe/Paris.")],
    language: Annotated[str, typer.Option(help="What callers hear: en, es, fr or ru.")],
    twilio_account: Annotated[str, typer.Option(help="Account SID, AC…")],
    twilio_token: Annotated[str, typer.Option(help="Auth token, which signs the webhooks.")],
    admin_email: Annotated[str, typer.Option()],
    admin_password: Annotated[str | None, typer.Option(help="Made up when left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a company: its line, an admin and an API key. Run again for a further company."""
    form = CompanyForm(
        company, line, country, time_zone, language, twilio_account, twilio_token, admin_email, admin_password
    )
    with _database(Settings()) as settings:
        made = asyncio.run(_set_up(settings, form))
    if as_json:
        typer.echo(json.dumps(made))
        return
    typer.echo(f"{company} is set up. Keep these; they are not shown again:\n")
    for name, value in made.items():
        typer.echo(f"  {name:14} {value}")
    typer.echo(
        "\nEnter the three URLs in the provider's console: voice webhook, call status changes, and the fallback."
    )


async def _set_up(settings: Settings, form: CompanyForm) -> dict[str, Any]:
    engine = create_engine(settings.database_url or "")
    try:
        made = await set_up_company(session_maker(engine), SecretBox(settings.key), form)
    finally:
        await engine.dispose()
    return {
        "tenant": made.tenant,
        "line": made.line,
        "admin_email": made.admin_email,
        "admin_password": made.admin_password,
        "api_key": made.api_key,
        "webhook_url": f"{settings.base_url}/twilio/voice",
        "status_url": f"{settings.base_url}/twilio/status",
        "fallback_url": f"{settings.base_url}/twilio/fallback",
    }


@cli.command()
def explain(
    number: Annotated[str, typer.Argument(help="The caller ID: a number, anonymous, sip:…")],
    to: Annotated[str, typer.Option(help="The called line.")],
    at: Annotated[str | None, typer.Option(help="RFC 3339; without a zone the line's. Now when left out.")] = None,
    attestation: Annotated[str, typer.Option(help="A, B, C, failed or none.")] = "none",
    as_json: Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")] = False,
) -> None:
    """Say what would happen to a call, and why. Nothing is recorded."""
    with _database(Settings()) as settings:
        decision = asyncio.run(_explain(settings, number, to, at, attestation))
    if as_json:
        typer.echo(json.dumps(decision, ensure_ascii=False))
        return
    typer.secho(f"{decision['action']}: {decision['reason']['text']} ({decision['reason']['code']})", bold=True)
    for line in decision["trace"]:
        mark = "✓" if line["decided"] else "·"
        typer.echo(f"  {mark} {line['title']} {line['found']}")


async def _explain(settings: Settings, number: str, to: str, at: str | None, attestation: str) -> dict[str, Any]:
    engine = create_engine(settings.database_url or "")
    try:
        version, tenants = await load_all(engine)
    finally:
        await engine.dispose()
    now = system_clock()
    plans = []
    for tenant in tenants.values():
        tenant.rebuild(version, now)
        if tenant.plan is not None:
            plans.append(tenant.plan)
    if not plans:
        raise CommandFailed("There is no company yet; make one with `antichambre setup`.")
    plan = next((plan for plan in plans if called_line(plan, to) in plan.lines), plans[0])
    return explain_call(plan, number, to, at, attestation, now)


@cli.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    browser: Annotated[bool, typer.Option(help="Open the panel in a browser.")] = True,
) -> None:
    """Everything, with sample data and a simulated telephone company; no account anywhere."""
    set_up_logging("error")
    with tempfile.TemporaryDirectory(prefix="antichambre-demo-") as folder:
        data_dir = Path(folder)
        data_dir.chmod(0o711)  # the database server runs as another user when this is run as root
        typer.echo("Starting a PostgreSQL of its own …")
        with embedded_database(data_dir) as url:
            settings = Settings(
                database_url=url, data_dir=data_dir, public_base_url=f"http://127.0.0.1:{port}", log_level="error"
            )
            try:
                asyncio.run(run_demo(settings, port, open_browser=browser))
            except KeyboardInterrupt:
                typer.echo("\nGoodbye.")
