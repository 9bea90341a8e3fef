"""The demo as a whole: database, service, telephone company, a day of calls, a prompt."""

import asyncio
import contextlib
import os
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import typer
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select, update

from app.auth.require import cookie_name
from app.auth.sessions import open_session
from app.database import create_engine
from app.demo.already_signed_in import AlreadySignedIn
from app.demo.prompt import prompt
from app.demo.sample_company import SampleCompany, set_up_sample_company
from app.demo.scene_clock import SceneClock
from app.demo.scenes import DAY, Scene
from app.demo.show_call import show_call
from app.main import create_app
from app.migrate import migrate
from app.settings import Settings
from app.switchboard import Switchboard
from models import SignInSession, UserAccount
from simulator import PhoneCompany

DAY_SPEED = 40.0
PROMPT_SPEED = 8.0


async def run_demo(settings: Settings, port: int, *, open_browser: bool) -> None:
    """Run until interrupted. ``settings`` name a database of the demo's own."""
    if settings.database_url is None:
        raise ValueError("the demo's database must have been started")
    engine = create_engine(settings.database_url)
    await migrate(engine)
    await engine.dispose()
    clock = SceneClock(DAY[0].at, DAY_SPEED)
    app = create_app(settings, clock.now)
    app.add_middleware(AlreadySignedIn, state=app.state)
    async with _served(app, settings, port) as (board, serving):
        sample = await set_up_sample_company(board)
        await _sign_in(app, board, sample)
        typer.secho(f"\nOperator panel, already signed in: {settings.base_url}/\n", bold=True)
        if open_browser and (
            sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        ):
            webbrowser.open(settings.base_url)
        playing = asyncio.create_task(_calls(board, clock, sample))
        # uvicorn takes the signals: when it stops serving, the demo is over.
        await asyncio.wait({playing, serving}, return_when=asyncio.FIRST_COMPLETED)
        playing.cancel()
        with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
            await playing


@asynccontextmanager
async def _served(app: FastAPI, settings: Settings, port: int) -> AsyncIterator[tuple[Switchboard, asyncio.Task[None]]]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, access_log=False, proxy_headers=False,
        timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = uvicorn.Server(config)
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
        with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
            await serving


async def _sign_in(app: FastAPI, board: Switchboard, sample: SampleCompany) -> None:
    async with board.sessions() as session, session.begin():
        adam = (await session.scalars(select(UserAccount).where(UserAccount.tenant_id == sample.company.tenant))).one()
        secret = await open_session(session, adam, board.clock)
    app.state.demo_session = secret
    app.state.demo_cookie = cookie_name(board.settings)


async def _calls(board: Switchboard, clock: SceneClock, sample: SampleCompany) -> None:
    base_url = board.settings.base_url
    headers = {"Authorization": f"Bearer {sample.company.api_key}"}

    async def begin(scene: Scene) -> None:
        clock.jump_to(scene.at)
        # The demo's hours fly past; whoever looks at the panel stays signed in.
        async with board.sessions() as session, session.begin():
            await session.execute(update(SignInSession).values(created_at=clock.now(), seen_at=clock.now()))

    async with (
        PhoneCompany(base_url, sample.account_sid, sample.auth_token, clock=clock) as phones,
        httpx.AsyncClient(base_url=base_url, headers=headers, timeout=10) as api,
    ):
        for scene in DAY:
            await begin(scene)
            typer.secho(f"{scene.at:%a %d %b, %H:%M}  {scene.title}", bold=True)
            await show_call(api, await scene.play(phones))
        clock.jump_to(DAY[2].at, PROMPT_SPEED)
        await begin(DAY[2])
        await prompt(phones, api, begin, DAY[2].at)
        await asyncio.Event().wait()
