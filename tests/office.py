"""A running office for tests: the service with its real database, a company, and a telephone company in front of it."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from fastapi import FastAPI

from app import lifespan
from app.answering.answer_call import _given
from app.base.settings import Settings
from app.edits.edit import Edit, editing
from app.event_log.records import FactKind, fact
from app.main import create_app
from app.people.set_up_company import CompanyForm, NewCompany, Person, set_up_company
from app.plan.rows import as_row
from app.switchboard import Switchboard
from models import (
    BlacklistEntry,
    CategoryRule,
    ClientCard,
    ClientNumber,
    LineRecord,
    MenuRecord,
    OpeningHours,
    OperatorRecord,
    QueueRecord,
    VipEntry,
)
from simulator import PhoneCompany, VirtualClock, rest_app, sign
from tests import cast
from tests.engines import engine_like_others

FRIDAY_MORNING = datetime(2026, 7, 24, 8, tzinfo=UTC)  # 10:00 in Paris
CHRISTMAS_NIGHT = datetime(2026, 12, 25, 2, tzinfo=UTC)  # 3:00 in Paris
SECRET_KEY = "a secret for tests"
MAISON_VERA = CompanyForm(
    "Maison Vera", cast.LINE, "FR", "Europe/Paris", "fr", cast.ACCOUNT_SID, cast.AUTH_TOKEN, cast.ADAM_EMAIL,
    cast.ADAM_PASSWORD, operators=(Person(cast.NINA, "Nina"),), bare=True,
)  # fmt: skip


@dataclass(slots=True)
class Office:
    """Everything a test needs. ``api`` sends the setup's API key; ``phones`` is the telephone company; ``nina`` (an id)
    serves the queue and talks all day."""

    app: FastAPI
    board: Switchboard
    company: NewCompany
    clock: VirtualClock
    phones: PhoneCompany
    api: httpx.AsyncClient
    transport: httpx.ASGITransport
    nina: str

    @property
    def database_url(self) -> str:
        """Where its database is."""
        return self.board.settings.database_url or ""

    @asynccontextmanager
    async def edit(self) -> AsyncIterator[Edit]:
        """An edit as the service makes it, live when the block has ended."""
        async with editing(self.board.sessions, self.company.tenant, "test") as edit:
            yield edit
        await self.board.live_plan.catch_up()

    async def webhook(self, path: str, caller: str, to: str = cast.LINE, **parameters: str) -> httpx.Response:
        """One signed webhook, outside of any call of the telephone company's."""
        values = {
            "AccountSid": cast.ACCOUNT_SID,
            "CallSid": "CA" + secrets.token_hex(16),
            "CallStatus": "ringing",
            "From": caller,
            "To": to,
        } | parameters
        url = path if path.startswith("http") else cast.BASE_URL + path
        signature = sign(cast.AUTH_TOKEN, url, list(values.items()))
        return await self.api.post(url, data=values, headers={"X-Twilio-Signature": signature})

    async def add(self, record: Any) -> dict[str, Any]:
        """Add one row of this company."""
        record.tenant_id = self.company.tenant
        async with self.edit() as edit:
            return await edit.record_added(record)

    async def send_nina_home(self) -> None:
        """From now on nobody serves the queue but those whom a test adds."""
        async with self.edit() as edit:
            nina = await edit.session.get_one(OperatorRecord, {"tenant_id": self.company.tenant, "id": self.nina})
            await edit.record_deleted(nina)

    async def settled(self) -> None:
        """Every record that was acknowledged is in the database and read by the feed."""
        await self.board.shipper.ship()
        await self.board.feed.read_on()

    async def add_vip(self, number: str = cast.VERA, **fields: Any) -> dict[str, Any]:
        """Vera, or another number or pattern, becomes a VIP."""
        return await self.add(VipEntry(**({"match": "exact", "number": number, "label": "Vera"} | fields)))

    async def add_blacklisted(self, number: str = cast.BORIS, **fields: Any) -> dict[str, Any]:
        """Boris, or another number or pattern, is blacklisted."""
        return await self.add(BlacklistEntry(**({"match": "exact", "number": number, "label": "Boris"} | fields)))

    async def add_operator(self, address: str = cast.OLGA, **fields: Any) -> dict[str, Any]:
        """Olga, or somebody else, takes the calls of the company's queue."""
        return await self.add(
            OperatorRecord(**({"name": "Olga", "address": address, "queue_ids": [self.company.queue_id]} | fields))
        )

    async def add_manager(self, address: str = cast.MARTIN, **fields: Any) -> dict[str, Any]:
        """Martin, or somebody else, is rung for VIPs."""
        return await self.add(
            OperatorRecord(**({"name": "Martin", "address": address, "management": True, "queue_ids": []} | fields))
        )

    async def add_client(self, number: str = cast.CLARA, name: str = "Clara", **fields: Any) -> dict[str, Any]:
        """Clara, or somebody else, is a registered client."""
        shared = fields.pop("shared", False)
        numbers = [ClientNumber(tenant_id=self.company.tenant, number=number, shared=shared)]
        return await self.add(ClientCard(name=name, numbers=numbers, **fields))

    async def add_category(self, name: str, **fields: Any) -> dict[str, Any]:
        """A category."""
        return await self.add(CategoryRule(name=name, **fields))

    async def add_queue(self, name: str) -> dict[str, Any]:
        """A further queue."""
        return await self.add(QueueRecord(name=name))

    async def add_menu(self, name: str, keys: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """A menu with a French prompt."""
        fields = {"prompts": {"fr": f"Menu {name}."}, "otherwise": None} | fields
        return await self.add(MenuRecord(name=name, keys=keys, **fields))

    async def keep_hours(self, **days: list[str]) -> None:
        """The line keeps these opening hours; without any, Monday to Friday 9 to 18."""
        week = days or {day: ["09:00-18:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
        hours = await self.add(OpeningHours(name="Office", days=week))
        await self.change_line(hours_id=hours["id"])

    async def change_line(self, **fields: Any) -> None:
        """Change the company's line."""
        async with self.edit() as edit:
            line = await edit.session.get_one(
                LineRecord, {"tenant_id": self.company.tenant, "id": self.company.line_id}
            )
            before = as_row(line)
            for name, value in fields.items():
                setattr(line, name, value)
            await edit.record_changed(line, before)


@asynccontextmanager
async def open_office(
    database_url: str, data_dir: Path, *, at: datetime = FRIDAY_MORNING, company: NewCompany | None = None,
    **settings: Any,
) -> AsyncIterator[Office]:  # fmt: skip
    """A office whose time stands at ``at`` and moves only with its telephone company. ``company`` is there already, or is
    made."""
    clock = VirtualClock(at)
    defaults: dict[str, Any] = {
        "database_url": database_url,
        "data_dir": data_dir,
        "public_base_url": cast.BASE_URL,
        "secret_key": SECRET_KEY,
        "offer_calls": False,  # by time that passes outside of the telephone company
        "deliver_webhooks": False,  # likewise
        "renew_subscriptions": False,  # likewise
        "ask_look_ups": False,  # likewise
        "_env_file": None,
    }
    chosen = Settings(**(defaults | settings))
    app = create_app(chosen, clock.now)
    async with AsyncExitStack() as running:
        with patch.object(lifespan, "create_engine", engine_like_others):
            await running.enter_async_context(app.router.lifespan_context(app))
        board: Switchboard = app.state.switchboard
        if company is None:
            company = await set_up_company(board.sessions, board.secret_box, MAISON_VERA)
        await board.live_plan.catch_up()
        # Kept by company and revision: each test's company is another one, and all of them begin alike.
        _given.clear()
        nina = _talks_all_day(board, company)
        transport = httpx.ASGITransport(app)
        async with (
            PhoneCompany(
                cast.BASE_URL,
                cast.ACCOUNT_SID,
                cast.AUTH_TOKEN,
                clock=clock,
                transport=transport,
                caller_ids=[cast.LINE],
            ) as phones,
            httpx.AsyncClient(
                transport=transport, base_url=cast.BASE_URL, headers={"Authorization": f"Bearer {company.api_key}"}
            ) as api,
        ):
            await _connect_api(board, phones)
            yield Office(app, board, company, clock, phones, api, transport, nina)


async def _connect_api(board: Switchboard, phones: PhoneCompany) -> None:
    """Twilio's REST API is the telephone company's own."""
    await board.telephones.means.http.aclose()
    http = httpx.AsyncClient(transport=httpx.ASGITransport(rest_app(phones)))
    board.telephones.means = replace(board.telephones.means, http=http)


def _talks_all_day(board: Switchboard, company: NewCompany) -> str:
    """Nina serves the queue, so that callers wait there, and is in a call of another office, so that nobody rings her."""
    plan = board.live_plan.plan_of(company.tenant)
    assert plan is not None
    (nina,) = plan.operators
    for call_id, booth in (("CA Nina's", {}), ("CA Nina's in the booth", {"booth": True})):
        taken = fact(company.tenant, call_id, FactKind.ANSWERED, board.clock(), {"operator_id": nina} | booth)
        board.open_calls.apply(taken)
    return nina
