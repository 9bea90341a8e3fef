"""A office behind a real HTTP server on a loopback port of its own: httpx's ASGI transport cannot stream."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import uvicorn
from sqlalchemy import select

from app.auth.passwords import hash_password
from app.auth.roles import Role
from models import UserAccount
from tests import cast
from tests.office import Office

PASSWORD = "a password of more than ten"
_HASH = hash_password(PASSWORD)
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Nothing here is encrypted, and reading the authorities of a client's own takes 20 ms."""


@dataclass(slots=True)
class ServedOffice:
    """``url`` is the office's address; ``program`` sends the API key."""

    office: Office
    url: str
    program: httpx.AsyncClient

    async def add_person(
        self, email: str, role: Role = Role.OPERATOR, tenant: str | None = None, operator_id: str | None = None
    ) -> None:
        """Somebody who signs in with :data:`PASSWORD`."""
        async with self.office.board.sessions() as session, session.begin():
            session.add(
                UserAccount(
                    tenant_id=tenant or self.office.company.tenant, email=email, name=email.partition("@")[0].title(),
                    role=role.value, password_hash=_HASH, operator_id=operator_id,
                )
            )  # fmt: skip

    @asynccontextmanager
    async def signed_in(
        self, email: str = cast.ADAM_EMAIL, password: str = cast.ADAM_PASSWORD
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A client with a session cookie."""
        async with httpx.AsyncClient(base_url=self.url, timeout=20, trust_env=False, verify=_NO_TLS) as client:
            answer = await client.post("/sign-in", data={"email": email, "password": password})
            assert answer.status_code == 303, answer.text
            yield client

    async def person(self, email: str) -> UserAccount:
        """The account."""
        async with self.office.board.sessions() as session:
            return (await session.scalars(select(UserAccount).where(UserAccount.email == email))).one()


@asynccontextmanager
async def serve(office: Office, port: int = 0) -> AsyncIterator[ServedOffice]:
    """Serve ``office`` until the block ends, on a free port or on ``port``.

    The office's own start and stop have run; uvicorn only carries requests.
    """
    listener = socket.create_server(("127.0.0.1", port))
    port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(office.app, lifespan="off", log_config=None, timeout_graceful_shutdown=2))
    # Not serve(): the test runner keeps its signal handlers.
    running = asyncio.create_task(server._serve([listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{port}"
    bearer = {"Authorization": f"Bearer {office.company.api_key}"}
    office.app.state.streams.closing.clear()
    try:
        async with httpx.AsyncClient(
            base_url=url, headers=bearer, timeout=20, trust_env=False, verify=_NO_TLS
        ) as program:
            yield ServedOffice(office, url, program)
    finally:
        office.app.state.streams.closing.set()
        server.should_exit = True
        await running
