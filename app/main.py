"""The application: routes to their folders, errors to ``errors.py``, start and stop to ``lifespan.py``."""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from app.base.clock import Clock, system_clock
from app.base.errors import Problem
from app.base.log_setup import set_up_logging
from app.base.settings import Settings
from app.base.version import VERSION
from app.holdings import HOLDINGS
from app.lifespan import running_switchboard
from app.providers.door import WebhookDoor
from app.providers.registry import PROVIDERS
from app.routes import ROUTES, parts_running
from app.web.answer_problems import (
    AnswerFailures,
    answer_database_error,
    answer_http_error,
    answer_problem,
    answer_validation_error,
)
from app.web.body_limit import BodyLimit
from app.web.drawing import read_templates, serve_static
from app.web.one_address import OneAddress
from app.web.security_headers import SecurityHeaders


class Application(FastAPI):
    """FastAPI, with the providers' webhooks in front of all that it does for a request: see
    ``docs/decisions/0009-webhooks-beside-the-application.md``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._webhooks = WebhookDoor(super().__call__, self.state, PROVIDERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        await self._webhooks(scope, receive, send)


def create_app(settings: Settings | None = None, clock: Clock = system_clock, *, own_process: bool = False) -> FastAPI:
    """The application for ``settings`` (by default from the environment). ``own_process``: nothing else runs here."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running_switchboard(settings, clock) as board:
            app.state.switchboard = board
            app.state.holdings = HOLDINGS
            read_templates()
            if own_process:
                _tune_the_interpreter()
            async with parts_running(app):
                yield

    app = Application(
        title="Antichambre",
        version=VERSION,
        summary="Call routing with caller filtering for cloud PBX numbers",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(BodyLimit)
    app.add_middleware(AnswerFailures)
    app.add_middleware(OneAddress)
    app.add_middleware(SecurityHeaders, https=settings.is_https)
    app.add_exception_handler(Problem, answer_problem)
    app.add_exception_handler(RequestValidationError, answer_validation_error)
    app.add_exception_handler(HTTPException, answer_http_error)
    for unreachable in (SQLAlchemyError, OSError):
        app.add_exception_handler(unreachable, answer_database_error)
    app.router.routes.extend(ROUTES)
    serve_static(app)
    return app


def serving_app() -> FastAPI:
    """The application as uvicorn's worker processes start it: settings from the environment, logs as JSON lines."""
    settings = Settings()
    set_up_logging(settings.log_level)
    return create_app(settings, own_process=True)


def _tune_the_interpreter() -> None:
    """What lives as long as the worker is not searched for garbage any more, and the rest seldom: nothing that a call
    makes has cycles, and by default every twelfth call would pay for a search, some for one through everything. And the
    journal's thread, for which calls wait, gets its turn after half a millisecond instead of five."""
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
