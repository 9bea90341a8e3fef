"""The parts of the supervisor's page as markup: each drawn by itself, so that only what has changed is put in."""

from typing import Any, Final

from app.live.snapshot import LATE_AFTER, LiveNow
from app.panel.notices import Notice
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.web.drawing import draw
from app.words.action_words import action_words
from app.words.fake_queue_words import lasting_words
from app.words.live_words import percent_words, state_words
from app.words.presence_words import presence_words
from app.words.told_decision import tell_reason

PARTS: Final = ("sums", "queues", "waiting", "operators", "running", "held", "missed", "callbacks", "decided")
_WORDS: Final = {
    "presence_words": presence_words,
    "state_words": state_words,
    "percent_words": percent_words,
    "lasting": lasting_words,
    "tell_reason": tell_reason,
    "action_words": action_words,
}


def draw_parts(now: LiveNow, tenant: TenantRows) -> dict[str, str]:
    """Every part of the page by its name."""
    values = values_of(now, tenant)
    return {part: draw(f"live/{part}.html", **values) for part in PARTS}


def draw_wall(now: LiveNow, tenant: TenantRows, notices: list[Notice], *, names: bool) -> str:
    """The screen on the wall: ``notices`` of what does not work, and the figures; names of people only where they are
    wanted."""
    return draw("live/screen.html", names=names, notices=notices, **values_of(now, tenant))


def values_of(now: LiveNow, tenant: TenantRows) -> dict[str, Any]:
    """What the templates are drawn with."""
    operators = {row["id"]: row["name"] for row in tenant.rows["operator"].values()}
    queues = {row["id"]: row["name"] for row in tenant.rows["queue"].values()}
    calls = {call.call_id: call for call in (*now.waiting, *now.running)}
    lines = {row["number"]: row["label"] for row in tenant.rows["line"].values()}

    def names_of(operator_ids: tuple[str, ...]) -> str:
        return ", ".join(operators.get(one, one) for one in operator_ids)

    return {
        "live": now, "names_of": names_of, "operator_names": operators, "queue_names": queues, "calls": calls,
        "line_names": lines, "late_after": LATE_AFTER, "plan": tenant.plan, "zone": zone_of_company(tenant), **_WORDS,
    }  # fmt: skip
