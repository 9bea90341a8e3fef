"""The demo as a whole: database, service, telephone company, a day of calls, a prompt."""

import asyncio
import contextlib
import os
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

import httpx
import typer
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select, update

from app.auth.require import cookie_name
from app.auth.sessions import open_session
from app.base.language import gettext as _
from app.base.settings import Settings
from app.demo.already_signed_in import AlreadySignedIn
from app.demo.prompt import prompt
from app.demo.sample_company import LINE, OLGA_EMAIL, SampleCompany, set_up_sample_company
from app.demo.scene_clock import SceneClock
from app.demo.scenes import AFTERWARDS, DAY, Scene
from app.demo.show_call import show_call
from app.main import create_app
from app.migrate import migrate_to_newest
from app.switchboard import Switchboard
from models import SignInSession, UserAccount
from simulator import PhoneCompany, rest_app

DAY_SPEED = 40.0
PROMPT_SPEED = 8.0
USUAL_SPEED = 1.0
"""Between the terminal's calls the demo's time passes like ours, for whoever is in the phone booth."""


class _Server(uvicorn.Server):
    """Leaves the signals to the demo. uvicorn's own handling raises them again inside the task that serves, where they
    end the task, or the process, and not the demo."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run_demo(settings: Settings, port: int, *, open_browser: bool) -> None:
    """Run until ``quit``, Ctrl-C, SIGTERM or SIGHUP, and then return. ``settings`` name a database of the demo's own."""
    if settings.database_url is None:
        raise ValueError("the demo's database must have been started")
    await migrate_to_newest(settings.database_url)
    clock = SceneClock(DAY[0].at, USUAL_SPEED)
    app = create_app(settings, clock.now)
    app.add_middleware(AlreadySignedIn, state=app.state)
    with _told_to_stop() as stopping:
        await _run(app, clock, settings, port, stopping, open_browser=open_browser)


async def _run(
    app: FastAPI, clock: SceneClock, settings: Settings, port: int, stopping: asyncio.Event, *, open_browser: bool
) -> None:
    async with _served(app, settings, port) as (board, serving):
        sample = await set_up_sample_company(board)
        await _sign_in(app, board, sample)
        _say_what_to_try(settings.base_url, sample)
        if open_browser and (
            sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        ):
            webbrowser.open(f"{settings.base_url}/booth")
        playing = asyncio.create_task(_calls(app, clock, sample))
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait({playing, serving, told}, return_when=asyncio.FIRST_COMPLETED)
        for task in (playing, told):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await playing


@asynccontextmanager
async def _served(app: FastAPI, settings: Settings, port: int) -> AsyncIterator[tuple[Switchboard, asyncio.Task[None]]]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, access_log=False, proxy_headers=False,
        timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if serving.done():
                serving.result()
                raise OSError(f"port {port} could not be opened")
            await asyncio.sleep(0.02)
        yield app.state.switchboard, serving
    finally:
        server.should_exit = True
        await serving


@contextmanager
def _told_to_stop() -> Iterator[asyncio.Event]:
    """Set by the signals that end the demo. Afterwards they do what they did before: the database has yet to be stopped."""
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop(*_: object) -> None:
        loop.call_soon_threadsafe(stopping.set)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield stopping
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _say_what_to_try(base_url: str, sample: SampleCompany) -> None:
    booth = _("Phone booth and operator panel, already signed in: %(url)s", url=f"{base_url}/booth")
    typer.secho(f"\n{booth}", bold=True)
    typer.echo(_("First thing to try: click “Vera Fournier, a VIP, at 3 a.m.”, and listen."))
    typer.echo(_("The panel alone: %(url)s", url=f"{base_url}/"))
    as_olga = _(
        "As the operator Olga: %(url)s with %(email)s and the password %(password)s",
        url=f"{base_url}/sign-in",
        email=OLGA_EMAIL,
        password=sample.olga_password,
    )
    typer.echo(f"{as_olga}\n")


async def _sign_in(app: FastAPI, board: Switchboard, sample: SampleCompany) -> None:
    async with board.sessions() as session, session.begin():
        adam = (await session.scalars(select(UserAccount).where(UserAccount.email == sample.company.admin_email))).one()
        secret = await open_session(session, adam, board.clock)
    app.state.demo_session = secret
    app.state.demo_cookie = cookie_name(board.settings)


@asynccontextmanager
async def _commands_reach(board: Switchboard, phones: PhoneCompany) -> AsyncIterator[None]:
    """What the service asks of Twilio's REST API, the demo's telephone company does."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(rest_app(phones))) as http:
        before, board.telephones.means = board.telephones.means, replace(board.telephones.means, http=http)
        board.telephones.forget()
        try:
            yield
        finally:
            board.telephones.means = before
            board.telephones.forget()


async def _calls(app: FastAPI, clock: SceneClock, sample: SampleCompany) -> None:
    board: Switchboard = app.state.switchboard
    base_url = board.settings.base_url
    headers = {"Authorization": f"Bearer {sample.company.api_key}"}

    @asynccontextmanager
    async def scene_time(scene: Scene, speed: float = PROMPT_SPEED) -> AsyncIterator[None]:
        # Time does not jump under a call that somebody listens to in the booth.
        await app.state.booths.quiet.wait()
        # The demo's hours fly past; whoever looks at the panel stays signed in.
        async with board.sessions() as session, session.begin():
            await session.execute(update(SignInSession).values(created_at=scene.at, seen_at=scene.at))
        clock.jump_to(scene.at, speed)
        try:
            yield
        finally:
            clock.jump_to(clock.now(), USUAL_SPEED)

    async with (
        PhoneCompany(base_url, sample.account_sid, sample.auth_token, clock=clock, caller_ids=[LINE]) as phones,
        _commands_reach(board, phones),
        httpx.AsyncClient(base_url=base_url, headers=headers, timeout=10) as api,
    ):
        for scene in DAY:
            async with scene_time(scene, DAY_SPEED):
                typer.secho(f"{scene.at:%a %d %b, %H:%M}  {scene.title}", bold=True)
                await show_call(api, await scene.play(phones))
        async with scene_time(AFTERWARDS):
            pass
        if not await prompt(phones, api, scene_time, AFTERWARDS.at):
            await asyncio.Event().wait()
