"""``/settings/treatments``: what unwanted and hidden callers get, what each treatment is and costs, and which limits hold.
It is for reading: each choice has its one form, to which it leads."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.company.company import treatments_of
from app.plan.rows import Row
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.resource_pages import only_company, settings_router
from app.words.fake_queue_words import billed_words
from app.words.list_words import treatment_words
from app.words.treatment_words import hidden_words, treatment_explained, vip_policy_words
from filters.entries import Treatment
from filters.vip import VipPolicy
from models import BlacklistEntry, LineRecord
from routing.plan import HiddenTreatment

PATH = "/settings/treatments"

router = settings_router()


@dataclass(frozen=True, slots=True)
class BilledThere:
    """What a provider bills; ``source`` is the page that says so, empty without one."""

    words: str
    source: str


@dataclass(frozen=True, slots=True)
class TreatmentSeen:
    """A treatment: ``entries`` of the blacklist name it, and all that name none get it where it ``is_default``."""

    name: str
    explained: str
    entries: int
    is_default: bool
    billed: list[BilledThere]


@dataclass(frozen=True, slots=True)
class LimitSeen:
    """A limit of the fake queue; None where there is none."""

    code: str
    value: float | None


@router.get(PATH)
async def treatments_page(request: Request, board: Board, who: Who) -> HTMLResponse:
    """The page."""
    tenant = await tenant_of(board, who)
    chosen = treatments_of(only_company(tenant))
    used = {line["provider"] for line in tenant.rows[LineRecord.__tablename__].values()} & PROVIDERS.keys()
    providers = sorted(used)
    named = await _named(board, who.tenant_id)
    return await draw_in_frame(
        request, board, who, "settings_treatments/page.html", treatments=_seen(named, chosen, providers),
        providers=[PROVIDERS[name].title for name in providers], limits_in_force=_limits(chosen),
        blacklist=treatment_words(chosen["blacklist"]), withheld=hidden_words(HiddenTreatment(chosen["withheld"])),
        unavailable=hidden_words(HiddenTreatment(chosen["unavailable"])),
        vip_policy=vip_policy_words(VipPolicy(chosen["vip_policy"])),
        ladder=[treatment_words(one) for one in chosen["ladder"]],
    )  # fmt: skip


async def _named(board: Switchboard, tenant_id: str) -> dict[str, int]:
    """How many entries name each treatment: by the database, for no worker keeps the rows of a long list."""
    counted = select(BlacklistEntry.treatment, func.count()).where(
        BlacklistEntry.tenant_id == tenant_id, BlacklistEntry.treatment.is_not(None)
    )
    async with board.sessions() as session:
        found = await session.execute(counted.group_by(BlacklistEntry.treatment))
        return {str(treatment): count for treatment, count in found}


def _seen(named: Mapping[str, int], chosen: Row, providers: list[str]) -> list[TreatmentSeen]:
    seen = []
    for treatment in Treatment:
        facts = [PROVIDERS[name].billing.get(treatment) for name in providers]
        seen.append(
            TreatmentSeen(
                treatment_words(treatment), treatment_explained(treatment), named.get(treatment.value, 0),
                chosen["blacklist"] == treatment,
                [BilledThere(billed_words(one.billed), one.source) if one else BilledThere("–", "") for one in facts],
            )
        )  # fmt: skip
    return seen


def _limits(chosen: Row) -> list[LimitSeen]:
    return [
        LimitSeen("call", chosen["fake_queue_cap_seconds"] / 60),
        LimitSeen("at_once", chosen["fake_queue_at_once"]),
        LimitSeen("number", chosen["fake_queue_number_minutes"]),
        LimitSeen("line", chosen["fake_queue_line_minutes"]),
        LimitSeen("month", chosen["fake_queue_month_minutes"]),
    ]
