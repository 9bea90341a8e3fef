"""What segments suggest: another category, with its priority, and why. Nothing is done before somebody accepts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import Conflict, NotFound
from app.base.problems.edits import EditFault
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.clients.edit_client import change_client
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.sales.borders import Borders
from app.sales.segment_codes import SEGMENTS
from models import CategoryRule, ClientCard, SegmentSuggestion
from models.segment import Suggested

# One suggestion for a client: of the segments that suggest something, the first of those of which the client is. Whoever has
# seen one about a client of another category has not seen this one, so it gets an id of its own.
_MADE: Final = """
    WITH rule AS (
        SELECT segment, category_id, place
        FROM unnest(CAST(:segments AS text[]), CAST(:categories AS text[]))
            WITH ORDINALITY AS r (segment, category_id, place)
    ), wanted AS (
        SELECT DISTINCT ON (s.client_id) s.client_id, r.segment, r.category_id, s.revenue, s.share, s.cumulated,
            s.variation, s.last_day
        FROM client_segment s JOIN rule r ON r.segment IN (s.abc, s.xyz, s.abc || s.xyz, s.life_cycle)
        WHERE s.tenant_id = :tenant ORDER BY s.client_id, r.place
    ), useful AS (
        SELECT w.*, c.category_id AS own_category_id FROM wanted w
            JOIN client c ON c.tenant_id = :tenant AND c.id = w.client_id
            JOIN category target ON target.tenant_id = :tenant AND target.id = w.category_id
            LEFT JOIN category own ON own.tenant_id = :tenant AND own.id = c.category_id
        WHERE c.category_id IS DISTINCT FROM w.category_id
            AND (NOT :only_upwards OR coalesce(own.priority, 0) < target.priority)
    ), stale AS (
        DELETE FROM segment_suggestion o WHERE o.tenant_id = :tenant AND o.state = 'open' AND NOT EXISTS (
            SELECT FROM useful u
            WHERE u.client_id = o.client_id AND u.category_id = o.category_id AND u.segment = o.segment
        )
    )
    INSERT INTO segment_suggestion (
        tenant_id, id, client_id, category_id, own_category_id, segment, revenue, share, cumulated, variation, last_day,
        created_at
    )
    SELECT :tenant, replace(gen_random_uuid()::text, '-', ''), client_id, category_id, own_category_id, segment, revenue,
        share, cumulated, variation, last_day, :now
    FROM useful
    ON CONFLICT (tenant_id, client_id, category_id, segment) DO UPDATE SET
        id = CASE WHEN segment_suggestion.own_category_id IS DISTINCT FROM excluded.own_category_id THEN excluded.id
            ELSE segment_suggestion.id END,
        own_category_id = excluded.own_category_id,
        revenue = excluded.revenue, share = excluded.share, cumulated = excluded.cumulated,
        variation = excluded.variation, last_day = excluded.last_day, created_at = excluded.created_at, state = 'open'
    WHERE segment_suggestion.state <> 'dismissed'
"""


async def suggest(session: AsyncSession, tenant_id: str, borders: Borders, now: datetime) -> None:
    """Bring the suggestions of a company in line with its segments. What was dismissed is not suggested again."""
    rules = {one: borders.suggests[one] for one in SEGMENTS if one in borders.suggests}
    if not borders.suggests:
        best = select(CategoryRule.id).where(CategoryRule.tenant_id == tenant_id, CategoryRule.priority > 0)
        category_id = await session.scalar(best.order_by(CategoryRule.priority.desc(), CategoryRule.id).limit(1))
        rules = {"A": category_id} if category_id is not None else {}
    values = {
        "tenant": tenant_id, "segments": list(rules), "categories": list(rules.values()), "now": now,
        "only_upwards": not borders.suggests,
    }  # fmt: skip
    await session.execute(text(_MADE), values)


@dataclass(frozen=True, slots=True)
class Accepted:
    """``left`` are those whose clients have come into another category since it was suggested: they stay as they are."""

    accepted: Sequence[SegmentSuggestion]
    left: Sequence[SegmentSuggestion]


async def accept_suggestions(edit: Edit, ids: Sequence[str], *, may_judge: bool) -> Accepted:
    """Give the clients the categories; each is an edit like any other. Raises :class:`NotFound`, and :class:`Conflict` for
    one that was decided already."""
    await take_turn(edit)
    accepted, left = list[SegmentSuggestion](), list[SegmentSuggestion]()
    for one in ids:
        suggestion = await _open_suggestion(edit, one)
        card = await find_or_404(edit, ClientCard, suggestion.client_id)
        if card.category_id != suggestion.own_category_id:
            left.append(suggestion)
            continue
        await change_client(
            edit, suggestion.client_id, {"category_id": suggestion.category_id}, edit.now, may_judge=may_judge,
            act="accept suggestion",
        )  # fmt: skip
        _decide(edit, suggestion, Suggested.ACCEPTED)
        accepted.append(suggestion)
    return Accepted(accepted, left)


async def dismiss_suggestions(edit: Edit, ids: Sequence[str]) -> list[SegmentSuggestion]:
    """Leave the clients as they are; the same is not suggested again. Raises as :func:`accept_suggestions`."""
    await take_turn(edit)
    dismissed = []
    for one in ids:
        suggestion = await _open_suggestion(edit, one)
        _decide(edit, suggestion, Suggested.DISMISSED)
        said = {"client_id": suggestion.client_id, "category_id": suggestion.category_id, "segment": suggestion.segment}
        edit.record_act("dismiss", SegmentSuggestion.__tablename__, one, None, said)
        dismissed.append(suggestion)
    return dismissed


def _decide(edit: Edit, suggestion: SegmentSuggestion, state: Suggested) -> None:
    suggestion.state, suggestion.decided_by, suggestion.decided_at = state.value, edit.actor, edit.now


async def _open_suggestion(edit: Edit, suggestion_id: str) -> SegmentSuggestion:
    found = None
    if is_storable(suggestion_id):
        query = select(SegmentSuggestion).where(
            SegmentSuggestion.tenant_id == edit.tenant_id, SegmentSuggestion.id == suggestion_id
        )
        found = await edit.session.scalar(query.with_for_update())
    if found is None:
        raise NotFound(RequestFault.NOT_FOUND)
    if found.state != Suggested.OPEN:
        raise Conflict(EditFault.DECIDED_ALREADY)
    return found
