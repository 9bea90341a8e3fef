"""A mark that a caller has keyed in becomes part of the call's note, in the transaction that stores its fact; one that is
not good opens a complaint, as in :mod:`app.matters.complaints`."""

from collections.abc import Sequence
from typing import Final

import asyncpg

from app.event_log.records import BOOTH, CallFact, FactKind
from app.matters.complaints import COMPLAINT_AT
from app.matters.edit_matter import DUE_AFTER
from models.base import new_id
from models.matter import OPENED_BY_CALLER

_MARKED: Final = f"""
    SELECT call.tenant_id, call.call_id, (call_event.payload ->> 'satisfaction')::int AS mark, call_event.at
    FROM call_event JOIN unnest($1::text[], $2::text[]) AS touched(tenant_id, call_id) USING (tenant_id, call_id)
        JOIN call USING (tenant_id, call_id)
    WHERE call_event.kind = 'call.noted' AND call_event.payload ? 'satisfaction' AND call.provider <> '{BOOTH}'
"""  # noqa: S608  # the only thing formatted in is a constant of ours
_NOTE: Final = """
    INSERT INTO call_note (tenant_id, call_id, satisfaction, rated_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, call_id) DO UPDATE SET satisfaction = excluded.satisfaction, rated_at = excluded.rated_at
        WHERE call_note.rated_at IS NULL
    RETURNING call_id
"""
# The complaint that an operator's mark has opened is corrected, or goes with it while nobody has touched it; one that
# somebody has written is enough.
_CORRECT: Final = """
    UPDATE matter SET satisfaction = $3
    WHERE tenant_id = $1 AND call_id = $2 AND kind = 'complaint' AND (satisfaction IS NOT NULL OR text = '')
"""
_TAKE_BACK: Final = """
    WITH gone AS (
        DELETE FROM matter WHERE tenant_id = $1 AND call_id = $2 AND kind = 'complaint'
            AND (satisfaction IS NOT NULL OR text = '') AND updated_at = opened_at
        RETURNING *
    )
    INSERT INTO audit_entry (tenant_id, id, actor, act, subject, row_id, before)
    SELECT tenant_id, $4, $3, 'delete from call ' || call_id, 'matter', id, to_jsonb(gone) FROM gone
"""
_COMPLAIN: Final = """
    WITH opened AS (
        INSERT INTO matter (tenant_id, id, kind, client_id, call_id, owner_id, taken_by, due_at, satisfaction, opened_by,
            opened_at, updated_at)
        SELECT call.tenant_id, $3, 'complaint', client.id, call.call_id, client.responsible_operator_id,
            CASE WHEN client.responsible_operator_id IS NOT NULL THEN $4 END, $5, $6, $4, $7, $7
        FROM call LEFT JOIN call_note USING (tenant_id, call_id)
            LEFT JOIN client ON client.tenant_id = call.tenant_id AND NOT coalesce(call_note.somebody_else, false)
                AND client.id = coalesce(call_note.client_id, call.client_id)
        WHERE call.tenant_id = $1 AND call.call_id = $2 AND NOT EXISTS (
            SELECT FROM matter WHERE matter.tenant_id = $1 AND matter.call_id = $2 AND matter.kind = 'complaint')
        ON CONFLICT DO NOTHING RETURNING *
    )
    INSERT INTO audit_entry (tenant_id, id, actor, act, subject, row_id, after)
    SELECT tenant_id, $8, $4, 'add from call ' || call_id, 'matter', id, to_jsonb(opened) FROM opened
"""


async def derive_marks(connection: asyncpg.Connection, new: Sequence[CallFact]) -> list[CallFact]:
    """Keep the marks among ``new``; and those that came before their calls, whose records another worker had."""
    touched = {
        (one.tenant_id, one.call_id)
        for one in new
        if one.kind is FactKind.INCOMING or (one.kind is FactKind.NOTED and "satisfaction" in one.payload)
    }
    if not touched:
        return []
    keys = [tenant_id for tenant_id, _ in touched], [call_id for _, call_id in touched]
    for row in await connection.fetch(_MARKED, *keys):
        tenant_id, call_id, mark, at = row
        if await connection.fetchval(_NOTE, tenant_id, call_id, mark, at) is None:
            continue  # it is noted already
        if mark > COMPLAINT_AT:
            await connection.execute(_TAKE_BACK, tenant_id, call_id, OPENED_BY_CALLER, new_id())
        await connection.execute(_CORRECT, tenant_id, call_id, mark)
        if mark <= COMPLAINT_AT:
            due = at + DUE_AFTER
            await connection.execute(_COMPLAIN, tenant_id, call_id, new_id(), OPENED_BY_CALLER, due, mark, at, new_id())
    return []
