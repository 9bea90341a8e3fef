"""A message that was left becomes a row, in the transaction that stores its fact; its sound is fetched later."""

from collections.abc import Sequence
from typing import Final

import asyncpg

from app.event_log.records import CallFact, FactKind
from models.base import new_id

_ADD: Final = """
    INSERT INTO voicemail (tenant_id, id, call_id, provider, recording, seconds, received_at, unheard_of, next_try_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7) ON CONFLICT DO NOTHING
"""


async def derive_voicemails(connection: asyncpg.Connection, new: Sequence[CallFact]) -> list[CallFact]:
    """Add the messages among ``new``; those from the phone booth are nobody's."""
    rows = [
        (
            one.tenant_id, new_id(), one.call_id, one.payload["provider"], one.payload["recording"],
            one.payload["seconds"], one.at, one.payload["unheard"],
        )
        for one in new
        if one.kind is FactKind.VOICEMAIL_RECEIVED and "booth" not in one.payload
    ]  # fmt: skip
    if rows:
        await connection.executemany(_ADD, rows)
    return []
