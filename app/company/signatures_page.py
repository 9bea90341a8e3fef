"""``/settings/signatures``: the signature doctor. Whether the provider's requests are rightly signed, and what to mend."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.base.settings import BASE_URL_SETTING
from app.company.refused_webhooks import refused_webhooks
from app.event_log.records import BOOTH
from app.plan.zones import zone_of_company
from app.providers.diagnose import SignatureFault
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.resource_pages import settings_router
from models import CallRecord, ProviderAccount

PATH: Final = "/settings/signatures"
router = settings_router()


@dataclass(frozen=True, slots=True)
class RefusedSeen:
    """Requests of one kind that were refused. ``is_past`` says that a right one has come since."""

    provider: str
    computed: str
    signed: str
    count: int
    at: datetime
    is_past: bool


@router.get(PATH)
async def signatures_page(request: Request, board: Board, who: Who) -> HTMLResponse:
    """The page; it looks again every few seconds while there is nothing to be seen."""
    tenant = await tenant_of(board, who)
    last = await _last_call(board, who.tenant_id)
    refused = [
        RefusedSeen(
            PROVIDERS[one.provider].title, one.computed,
            one.signed if one.fault == SignatureFault.OTHER_ADDRESS else "", one.count, one.last_at,
            last is not None and last > one.last_at,
        )
        for one in await refused_webhooks(board, who.tenant_id, board.clock())
    ]  # fmt: skip
    return await draw_in_frame(
        request, board, who, "settings_signatures/page.html", refused=refused, last=last,
        base_url=board.settings.base_url, setting=BASE_URL_SETTING,
        has_account=bool(tenant.rows[ProviderAccount.__tablename__]),
        zone=zone_of_company(tenant),
    )  # fmt: skip


async def _last_call(board: Switchboard, tenant_id: str) -> datetime | None:
    """When the last call came in that was not from the booth."""
    query = select(func.max(CallRecord.started_at)).where(
        CallRecord.tenant_id == tenant_id, CallRecord.provider != BOOTH
    )
    async with board.sessions() as session:
        return await session.scalar(query)
