"""Find clients by any part of a name, a company, a number, an e-mail address, a card number or a tag. It asks memory,
where every worker has the clients anyway, because accents cannot be folded by every PostgreSQL (``unaccent`` and ``pg_trgm``
are extensions that hosts may lack)."""

import asyncio

from app.base import limits
from app.base.search_text import folded, search_words
from app.plan.client_texts import ClientText, having
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows


async def search_clients(tenant: TenantRows, text: str, limit: int = 20, country: str | None = None) -> list[Row]:
    """The rows of at most ``limit`` clients that have every word of ``text``, in any order, in their name, company, e-mail
    addresses, card number or tags, or its digits in one of their numbers (as dialled in ``country``, by default the
    company's, or internationally).

    Names that begin with the text come first, then those of which a word does, then the others; each by name. Nothing
    is found for an empty text.
    """
    if not text.strip():
        return []
    found = await matching_clients(tenant, text, country)
    return await asyncio.to_thread(_best_of, found, folded(text[: limits.SEARCH_CLIENTS]).strip(), limit)


async def matching_clients(tenant: TenantRows, text: str, country: str | None = None) -> list[ClientText]:
    """The same, all of them in the order of names; everybody for an empty text."""
    country = country or tenant.rows["company"][tenant.tenant_id]["country"]
    words = search_words(text[: limits.SEARCH_CLIENTS], country)
    # In a thread: calls that come in while tens of thousands of names are looked through do not wait.
    return await asyncio.to_thread(having, await tenant.client_texts.ordered(tenant.rows["client"]), words)


def _best_of(found: list[ClientText], wanted: str, limit: int) -> list[Row]:
    begin = [one for one in found if one.name.startswith(wanted)][:limit]
    word = [one for one in found if f" {wanted}" in one.text and not one.name.startswith(wanted)][:limit]
    chosen = {one.id: one.row for one in (*begin, *word, *found[:limit])}
    return list(chosen.values())[:limit]
