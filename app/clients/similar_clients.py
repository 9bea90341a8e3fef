"""Cards that may be of the same client: the same number, or nearly the same name."""

import asyncio
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from app.base.search_text import folded
from app.plan.client_texts import ClientText
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows

ALIKE: Final = 0.82
"""From which :class:`difflib.SequenceMatcher` ratio on two names are nearly the same: one wrong letter in six."""
_SHORTEST_WORD: Final = 3


async def similar_clients(tenant: TenantRows, client: Row, limit: int = 5) -> list[Row]:
    """Other clients who may be ``client``, those with the same number first, unless it is said to be used by several."""
    rows = tenant.rows["client"]
    same = [
        rows[other.id]
        for number in _own(client)
        for other in tenant.lists.clients.by_number.get(number, ())
        if other.id != client["id"] and other.id in rows and number in _own(rows[other.id])
    ]
    texts = await tenant.client_texts.ordered(rows)
    alike = await asyncio.to_thread(_alike, texts, client)
    return list({row["id"]: row for row in (*same, *alike)}.values())[:limit]


def _own(client: Row) -> list[str]:
    return [one["number"] for one in client["numbers"] if not one["shared"]]


def _alike(texts: Sequence[ClientText], client: Row) -> list[Row]:
    name = _by_word(folded(client["name"]))
    words = [word for word in name.split() if len(word) >= _SHORTEST_WORD]
    beginnings = tuple({word[:_SHORTEST_WORD] for word in words})
    matcher = SequenceMatcher(autojunk=False, b=name)
    found = []
    for one in texts:
        # Comparing letter by letter is slow, so only names that share the beginning of a word come that far.
        if one.id != client["id"] and any(beginning in one.name for beginning in beginnings):
            matcher.set_seq1(_by_word(one.name))
            if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
                found.append((-matcher.ratio(), one))
    return [one.row for _ratio, one in sorted(found)]


def _by_word(name: str) -> str:
    """``fournier anna`` is ``anna fournier``."""
    return " ".join(sorted(name.split()))
