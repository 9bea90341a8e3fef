"""``antichambre demo``."""

import os
import sys
from typing import Annotated

import typer


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    browser: Annotated[bool, typer.Option(help="Open the panel in a browser.")] = True,
) -> None:
    """Everything, with sample data and a simulated telephone company; no account anywhere."""
    # The demo brings the whole service and the simulator along. It takes this process over, so that no other command
    # has to load them.
    os.execv(
        sys.executable,
        [sys.executable, "-m", "app.demo", "--port", str(port), "--browser" if browser else "--no-browser"],
    )
