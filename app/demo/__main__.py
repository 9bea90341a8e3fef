"""``python -m app.demo``: what ``antichambre demo`` becomes."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from app.base.language import gettext as _
from app.base.log_setup import set_up_logging
from app.base.settings import Settings
from app.cli import carry_out
from app.cli.serve import end_cleanly_when_told
from app.demo.run_demo import run_demo
from app.embedded_database import embedded_database


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    browser: Annotated[bool, typer.Option(help="Open the panel in a browser.")] = True,
) -> None:
    """Run the demo in a folder and a database of its own, both gone at the end."""
    end_cleanly_when_told()
    set_up_logging("error")
    with tempfile.TemporaryDirectory(prefix="antichambre-demo-") as folder:
        data_dir = Path(folder)
        data_dir.chmod(0o711)  # the database server runs as another user when this is run as root
        typer.echo(_("Starting a PostgreSQL of its own …"))
        with embedded_database(data_dir) as url:
            settings = Settings(
                database_url=url, data_dir=data_dir, public_base_url=f"http://127.0.0.1:{port}", log_level="error"
            )
            asyncio.run(run_demo(settings, port, open_browser=browser))
            typer.echo("\n" + _("Goodbye."))


cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
cli.command()(demo)
carry_out(cli)
