"""A finished call on the terminal: what the caller heard, where the call went and why."""

import httpx
import typer

from app.base.language import language
from simulator import Call, transcript


async def show_call(api: httpx.AsyncClient, call: Call) -> None:
    """Print the transcript, and the stored decision as the REST API tells it."""
    typer.echo(_indented(transcript(call)))
    answer = await api.get(f"/api/v1/calls/{call.sid}", headers={"Accept-Language": language()})
    if answer.status_code == httpx.codes.OK:
        decision = answer.json()["decision"]
        typer.secho(f"    → {decision['action']}: {decision['reason']['text']}", fg=typer.colors.GREEN)
        for line in decision["trace"]:
            mark = "✓" if line["decided"] else "·"
            typer.secho(f"      {mark} {line['title']} {line['text']}", dim=not line["decided"])
    typer.echo()


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
