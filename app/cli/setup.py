"""``antichambre migrate`` and ``antichambre setup``."""

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from app.base.database import create_engine, session_maker
from app.base.language import gettext as _
from app.base.secrets_at_rest import SecretBox
from app.base.settings import Settings
from app.cli.database import running_database
from app.company.accounts import warnings_of
from app.migrate import migrate_to_newest
from app.people.set_up_company import CompanyForm, Person, set_up_company
from app.providers.registry import PROVIDERS
from app.words.unserved_words import SetUpWarning

STANDARD_INPUT = "-"


def migrate() -> None:
    """Bring the database to this version's schema."""
    settings = Settings()
    with running_database(settings, any_schema=True) as running:
        asyncio.run(migrate_to_newest(running.database_url or ""))
    typer.echo(_("The database is up to date."))


def setup(
    company: Annotated[str, typer.Option(help="The company's name.")],
    line: Annotated[str, typer.Option(help="Its number (DID), like +33155512345.")],
    country: Annotated[str, typer.Option(help="ISO code, like FR; national numbers are read with it.")],
    time_zone: Annotated[str, typer.Option(help="IANA name, like Europe/Paris.")],
    language: Annotated[str, typer.Option(help="What callers hear: en, es, fr or ru.")],
    admin_email: Annotated[str, typer.Option()],
    provider: Annotated[str, typer.Option(help=f"Who carries the line: {', '.join(sorted(PROVIDERS))}.")] = "twilio",
    account: Annotated[str | None, typer.Option(help="The provider's id of the account.")] = None,
    secret: Annotated[
        str | None,
        typer.Option(help="What its requests are verified with: auth token, Signing Key or public key; - reads it."),
    ] = None,
    space: Annotated[str | None, typer.Option(help="SignalWire: `example` of example.signalwire.com.")] = None,
    application: Annotated[str | None, typer.Option(help="Telnyx: the TeXML application that places calls.")] = None,
    api_token: Annotated[
        str | None,
        typer.Option(help="Opens the REST API where the secret does not: SignalWire, Telnyx; - reads it."),
    ] = None,
    twilio_account: Annotated[str | None, typer.Option(help="--account at Twilio: AC…")] = None,
    twilio_token: Annotated[str | None, typer.Option(help="--secret at Twilio; - reads it.")] = None,
    admin_password: Annotated[str | None, typer.Option(help="Made up when left out; - reads it.")] = None,
    management: Annotated[
        str | None, typer.Option(help="Who is rung for VIPs: a number, sip:user@host or client:identity.")
    ] = None,
    management_name: Annotated[str, typer.Option(help="Their name.")] = "",
    operator: Annotated[
        list[str] | None,
        typer.Option(help="Who takes everybody else's calls: NUMBER=NAME. May be given several times."),
    ] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Without the categories and the script to begin with.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a company: its line, the people who are rung, an admin and an API key. Run again for a further company."""
    form = CompanyForm(
        company, line, country, time_zone, language, account or twilio_account or "", _read(secret or twilio_token or ""),
        admin_email, _read(admin_password) if admin_password else None, provider, space,
        _read(api_token) if api_token else None,
        (Person(management, management_name),) if management else (), tuple(_person(one) for one in operator or ()),
        application, bare,
    )  # fmt: skip
    with running_database(Settings()) as settings:
        made, about_people = asyncio.run(_set_up(settings, form))
    warnings = [*about_people, *(SetUpWarning(one.code, one.text) for one in warnings_of(PROVIDERS[form.provider]))]
    if as_json:
        typer.echo(json.dumps(made | {"warnings": [asdict(one) for one in warnings]}))
        return
    typer.echo(_("%(company)s is set up. Keep these; they are not shown again:", company=company) + "\n")
    for name, value in made.items():
        typer.echo(f"  {name:14} {value}")
    what_next = _(
        "Enter the three URLs in the provider's console: voice webhook, call status changes, and the fallback."
    )
    typer.echo(f"\n{what_next}")
    for warning in warnings:
        typer.echo(_("Note: %(text)s", text=warning.text))


def _read(secret: str) -> str:
    """A secret that is not to stand in the shell's history, or where other users of the machine see it (``ps``), comes from
    standard input, a line for each: first the provider's, then the password, then the API token."""
    return sys.stdin.readline().strip() if secret == STANDARD_INPUT else secret


def _person(text: str) -> Person:
    """``NUMBER=NAME``; the name may be left out."""
    address, _equals, name = text.partition("=")
    return Person(address, name)


async def _set_up(settings: Settings, form: CompanyForm) -> tuple[dict[str, object], tuple[SetUpWarning, ...]]:
    engine = create_engine(settings.database_url or "")
    try:
        made = await set_up_company(session_maker(engine), SecretBox(settings.key), form)
    finally:
        await engine.dispose()
    told: dict[str, object] = {
        "tenant": made.tenant,
        "line": made.line,
        "admin_email": made.admin_email,
        "admin_password": made.admin_password,
        "api_key": made.api_key,
        "webhook_url": f"{settings.base_url}/{form.provider}/voice",
        "status_url": f"{settings.base_url}/{form.provider}/status",
        "fallback_url": f"{settings.base_url}/{form.provider}/fallback",
        "panel_url": settings.base_url,
    }
    return told, made.warnings
