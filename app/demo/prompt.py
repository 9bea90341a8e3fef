"""The demo's prompt: place further calls from any number."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime

import httpx
import typer

from app.base.language import gettext as _
from app.demo import sample_company as them
from app.demo.scenes import PARIS, Scene
from app.demo.show_call import show_call
from simulator import PhoneCompany

PATIENCE_SECONDS = 180

SceneTime = Callable[[Scene], AbstractAsyncContextManager[None]]
"""Inside it the demo's time is the scene's, and flies."""


async def prompt(phones: PhoneCompany, api: httpx.AsyncClient, scene_time: SceneTime, now: datetime) -> bool:
    """Read lines until ``quit``: True. False at the end of the input (no terminal), when the service shall run on."""
    typer.echo(_("Place a call from any number; its card pops on the panel."))
    typer.echo(f"{_help()}\n  {_cast()}\n")
    at = now.astimezone(PARIS)
    async for line in _lines():
        words = line.split()
        if not words:
            continue
        if words[0] == "quit":
            return True
        if words[0] == "help":
            typer.echo(_help())
        elif words[0] == "at" and len(words) == 2:
            at = _time_of(words[1], at)
        else:
            await _call(phones, api, scene_time, at, words)
    return False


async def _call(
    phones: PhoneCompany, api: httpx.AsyncClient, scene_time: SceneTime, at: datetime, words: list[str]
) -> None:
    attestation = next((word for word in words[1:] if word in {"A", "B", "C", "failed"}), None)
    keys = tuple(word for word in words[1:] if word != attestation)
    scene = Scene(
        at,
        _("A call from %(caller)s", caller=words[0]),
        words[0],
        keys=keys,
        attestation=attestation,
        patience=PATIENCE_SECONDS,
    )
    async with scene_time(scene):
        await show_call(api, await scene.play(phones))


def _time_of(text: str, today: datetime) -> datetime:
    try:
        hour, minute = (int(part) for part in text.split(":"))
        return today.replace(hour=hour, minute=minute, second=0)
    except ValueError:
        typer.echo(_("Write the time like 14:30."))
        return today


def _help() -> str:
    """What can be typed. The words that are commands are the same in every language."""
    told = {
        "NUMBER [1 2 …]": _(
            "call from any number (or anonymous, sip:…), pressing these keys in the menus: +33612345678 1"
        ),
        "NUMBER failed": _("the same with a failed attestation (also A, B, C)"),
        "at HH:MM": _("the calls that follow are placed at that time today"),
        "help, quit": "",
    }
    return "\n".join(f"  {typed:20}  {does}".rstrip() for typed, does in told.items())


def _cast() -> str:
    who = ((_("VIP"), "Vera", them.VERA), (_("blacklisted"), "Boris", them.BORIS), (_("client"), "Clara", them.CLARA))
    return " · ".join(f"{name} ({what}) {number}" for what, name, number in who)


async def _lines() -> AsyncIterator[str]:
    """Lines of standard input, whatever it is: a terminal, a pipe, nothing at all. A thread waits for them, so that the
    service runs on; it is a daemon, so that it never keeps the demo from ending."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()

    def read() -> None:
        line = "start"
        while line:
            line = sys.stdin.readline()
            loop.call_soon_threadsafe(lines.put_nowait, line)

    threading.Thread(target=read, daemon=True).start()
    while True:
        typer.echo("call> ", nl=False)
        line = await lines.get()
        if not line:
            typer.echo()
            return
        yield line
