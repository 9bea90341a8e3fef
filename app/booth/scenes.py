"""Ready-made calls, one click each, with the company's own people where it has them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.language import gettext as _
from app.plan.tenant_rows import TenantRows
from filters.attestation import Attestation
from filters.pattern import PatternKind
from models import BlacklistEntry, ClientNumber, VipEntry
from routing.plan import Line

STRANGERS = ("+33639981004", "+33639981994", "+33639981995")
"""From the numbers that ARCEP keeps for fiction (decision 2018-0881): nobody's."""


@dataclass(frozen=True, slots=True)
class BoothScene:
    """``label`` names the caller, ``words`` say what happens, ``more`` what to expect; ``at`` is on the line's clock, empty
    for now."""

    tone: str
    label: str
    words: str
    more: str
    caller: str
    name: str = ""
    at: str = ""
    attestation: Attestation = Attestation.NONE


async def booth_scenes(session: AsyncSession, tenant: TenantRows, line: Line, now: datetime) -> list[BoothScene]:
    """The scenes that the company has people for."""
    local = now.astimezone(line.zone)
    night = datetime.combine(local.date() + timedelta(days=1), time(3)).isoformat(timespec="minutes")
    day = _opening_day(local)
    scenes = []
    if vip := await _first(session, tenant, VipEntry):
        number, name = vip
        scenes += [
            BoothScene(
                "vip", name, _("%(name)s, a VIP, at 3 a.m.", name=name),
                _("You are closed, but management is rung."), number, name, night,
            ),
            BoothScene(
                "doubt", _("Forger"), _("Somebody faking %(name)s's number", name=name),
                _("The network flags it: no VIP treatment, management is not rung."), number, "", day, Attestation.FAILED,
            ),
        ]  # fmt: skip
    if blacklisted := await _first(session, tenant, BlacklistEntry):
        number, name = blacklisted
        words = _("%(name)s, blacklisted", name=name)
        scenes.append(BoothScene("bad", name, words, _("Endless hold music; nobody is disturbed."), number, "", day))
    if client := await _client(session, tenant):
        number, name = client
        scenes.append(
            BoothScene("client", name, _("%(name)s, a client", name=name), _("Greeted by name."), number, "", day)
        )
    stranger = next(number for number in STRANGERS if number not in tenant.lists.clients.by_number)
    scenes.append(
        BoothScene("new", "Uma", _("Uma, a new caller"), _("Menu, queue, an operator."), stranger, "UMA LOPEZ", day)
    )
    return scenes


def _opening_day(local: datetime) -> str:
    """Half past ten on this or the next working day: a time when most houses are open."""
    wanted = local.replace(hour=10, minute=30, second=0, microsecond=0, tzinfo=None)
    while wanted.weekday() > 4:
        wanted += timedelta(days=1)
    return wanted.isoformat(timespec="minutes")


async def _first(
    session: AsyncSession, tenant: TenantRows, model: type[VipEntry] | type[BlacklistEntry]
) -> tuple[str, str] | None:
    exact = select(model.number, model.label).where(
        model.tenant_id == tenant.tenant_id, model.match == PatternKind.EXACT, model.number.startswith("+")
    )
    row = (await session.execute(exact.order_by(model.label == "", model.id).limit(1))).first()
    return (row[0], row[1] or row[0]) if row else None


async def _client(session: AsyncSession, tenant: TenantRows) -> tuple[str, str] | None:
    mine = select(ClientNumber.number, ClientNumber.client_id).where(ClientNumber.tenant_id == tenant.tenant_id)
    for number, client_id in await session.execute(mine.order_by(ClientNumber.client_id).limit(20)):
        row = tenant.rows["client"].get(client_id)
        listed = tenant.lists.vip.exact.get(number) or tenant.lists.blacklist.exact.get(number)
        if row is not None and not listed:
            return number, row["name"]
    return None
