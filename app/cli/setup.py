"""``antichambre migrate`` and ``antichambre setup``."""

import asyncio
import json
from typing import Annotated

import typer

from app.base.database import create_engine, session_maker
from app.base.secrets_at_rest import SecretBox
from app.base.settings import Settings
from app.cli.database import migrate_to_newest, running_database
from app.people.set_up_company import CompanyForm, set_up_company


def migrate() -> None:
    """Bring the database to this version's schema."""
    settings = Settings()
    with running_database(settings, any_schema=True) as running:
        asyncio.run(migrate_to_newest(running.database_url or ""))
    typer.echo("The database is up to date.")


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
    with running_database(Settings()) as settings:
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


async def _set_up(settings: Settings, form: CompanyForm) -> dict[str, object]:
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
