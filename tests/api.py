"""Who uses the API in these tests, besides the setup's key: people of every role, narrow keys, and another company."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from app.auth.api_keys import hash_of, key_record, new_api_key
from app.auth.passwords import hash_password
from app.auth.require import cookie_name
from app.auth.roles import Role, Scope
from app.auth.same_site import TOKEN_HEADER, token_for
from app.auth.sessions import open_session
from app.people.set_up_company import CompanyForm, NewCompany, set_up_company
from models import UserAccount
from tests import cast
from tests.office import Office

API = "/api/v1"
NEIGHBOURS_LINE = "+33199003000"
_PASSWORD_HASH = hash_password("nobody signs in with it")


def client(office: Office, **headers: str) -> httpx.AsyncClient:
    """A client of the office's service."""
    return httpx.AsyncClient(transport=office.transport, base_url=cast.BASE_URL, headers=headers)


async def key_with(office: Office, *scopes: Scope, tenant: str | None = None) -> str:
    """A new API key."""
    key = new_api_key()
    async with office.board.sessions() as session, session.begin():
        session.add(key_record(tenant or office.company.tenant, "narrow", list(scopes), key))
    return key


@asynccontextmanager
async def signed_in(office: Office, role: Role, operator_id: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """Olga, Sofia or Adam in a browser: a session of ``role``, of whoever is ``operator_id`` on the telephone."""
    user = UserAccount(
        tenant_id=office.company.tenant, email=f"{role}{operator_id or ''}@people.example", name=role.value,
        role=role.value, password_hash=_PASSWORD_HASH, operator_id=operator_id,
    )  # fmt: skip
    async with office.board.sessions() as session, session.begin():
        session.add(user)
        await session.flush()
        secret = await open_session(session, user, office.board.clock)
    headers = {
        "Cookie": f"{cookie_name(office.board.settings)}={secret}",
        TOKEN_HEADER: token_for(office.board.settings, hash_of(secret)),
    }
    async with client(office, **headers) as browser:
        yield browser


@asynccontextmanager
async def neighbour(office: Office) -> AsyncIterator[tuple[httpx.AsyncClient, NewCompany]]:
    """Another company on the same service, and its API client."""
    form = CompanyForm(
        "Chez Nina", NEIGHBOURS_LINE, "FR", "Europe/Paris", "fr", "AC" + "b" * 32, "nina's-token", "nina@example.org",
        "nina's long password", bare=True,
)  # fmt: skip
    company = await set_up_company(office.board.sessions, office.board.secret_box, form)
    await office.board.live_plan.catch_up()
    async with client(office, Authorization=f"Bearer {company.api_key}") as api:
        yield api, company


async def made(office: Office, resource: str, **fields: Any) -> dict[str, Any]:
    """What POST to ``resource`` makes; it must succeed."""
    response = await office.api.post(f"{API}/{resource}", json=fields)
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


def fault(response: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and field of a problem."""
    assert response.headers["Content-Type"] == "application/problem+json", response.text
    problem = response.json()
    errors = problem.get("errors") or [{"field": None}]
    assert problem["detail"]
    return response.status_code, problem["code"], errors[0]["field"]
