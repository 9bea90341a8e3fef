"""A tiny service under test: paths with the TwiML they answer, and a record of what it was asked."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator import Call, PhoneCompany, VirtualClock

BASE = "https://pbx.example.org"
ACCOUNT = "AC" + "1" * 32
TOKEN = "12345"
LINE = "+33155512345"
VERA = "+33612345678"
BORIS = "+33699999999"
START = datetime(2026, 7, 24, 10, 0, tzinfo=UTC)

Params = dict[str, str]
Page = str | bytes | Response | Callable[[Params], "str | Response | Awaitable[str | Response]"]
Result = TypeVar("Result")


def twiml(content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{content}</Response>'


def wav(seconds: float) -> Response:
    """Silence as a real WAV file, 8 kHz, 16 bit."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds))
    return Response(buffer.getvalue(), media_type="audio/wav")


@dataclass
class Service:
    """`pages` maps a path to TwiML (the inside of <Response>), to bytes sent as they are, to a response, or
    to a function of the request's parameters."""

    pages: dict[str, Page]
    asked: list[tuple[str, str, Params]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def asked_for(self, path: str) -> list[Params]:
        return [params for asked, _, params in self.asked if asked == path]

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "POST"])])

    async def _answer(self, request: Request) -> Response:
        params = dict(request.query_params)
        self.bodies.append(await request.body())
        if request.method == "POST":
            params |= {key: str(value) for key, value in (await request.form()).items()}
        path = request.url.path
        self.asked.append((path, request.method, params))
        self.requests.append(request)
        page = self.pages.get(path)
        if page is None:
            return Response(status_code=204 if path.endswith("/status") else 404)
        if callable(page) and not isinstance(page, Response):
            made = page(params)
            page = made if isinstance(made, str | Response) else await made
        if isinstance(page, Response):
            return page
        return Response(twiml(page) if isinstance(page, str) else page, media_type="text/xml")


def company_for(service: Service, **options: Any) -> PhoneCompany:
    clock = options.pop("clock", None) or VirtualClock(START)
    options.setdefault("transport", httpx.ASGITransport(service.app))
    return PhoneCompany(BASE, options.pop("account", ACCOUNT), TOKEN, clock=clock, **options)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


def the_call(
    pages: dict[str, Page] | str,
    act: Callable[[Call], Awaitable[object]] | None = None,
    caller: str = VERA,
    **options: Any,
) -> tuple[Call, Service]:
    """One call to `/twilio/voice` (another provider's own path), from ringing to its end."""
    provider = options.get("provider")
    voice = f"/{provider.name if provider else 'twilio'}/voice"
    service = Service({voice: pages} if isinstance(pages, str) else pages)

    async def whole() -> Call:
        async with company_for(service, **options) as company:
            call = await company.place_call(caller, LINE)
            if act is not None:
                await act(call)
            return await call.ended()

    return run(whole()), service
