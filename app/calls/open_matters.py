"""What is still to be seen to for a client who calls, one line each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.calls.merged_clients import ids_known_as
from app.words.matter_words import matter_kind_words, matter_state_words, matter_text
from models import Matter
from models.matter import MatterState

_SHOWN: Final = 5
_CHARACTERS: Final = 80


class OpenMatter(NamedTuple):
    """``is_late`` is whether it should have been seen to; the rest is for people."""

    id: str
    kind: str
    state: str
    text: str
    due_at: datetime
    is_late: bool


async def open_matters_of(session: AsyncSession, tenant_id: str, client_id: str) -> Sequence[Matter]:
    """Those of a client, and of all who were merged into them, that are not settled; those due first come first."""
    mine = (
        Matter.tenant_id == tenant_id, Matter.client_id.in_(ids_known_as(tenant_id, client_id)),
        Matter.state != MatterState.CLOSED.value,
    )  # fmt: skip
    return (await session.scalars(select(Matter).where(*mine).order_by(Matter.due_at).limit(_SHOWN))).all()


def told_matters(matters: Sequence[Matter], now: datetime) -> tuple[OpenMatter, ...]:
    """In the words of whoever looks."""
    return tuple(
        OpenMatter(
            one.id, matter_kind_words(one.kind), matter_state_words(one.state),
            matter_text(one.text, one.satisfaction)[:_CHARACTERS], one.due_at, one.due_at < now,
        )
        for one in matters
    )  # fmt: skip
