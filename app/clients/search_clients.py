"""Find clients by any part of a name, a company or a number. It asks memory, where every worker has the clients anyway,
because accents cannot be folded by every PostgreSQL (``unaccent`` and ``pg_trgm`` are extensions that hosts may lack)."""

import asyncio
import contextlib
import re
from typing import Final

from phonenumbers import PhoneMetadata

from app.base import limits
from app.plan.client_texts import ClientText, folded, having
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from filters.number import NumberUnreadable, read_number

_FEWEST_DIGITS: Final = 2


async def search_clients(tenant: TenantRows, text: str, limit: int = 20, country: str | None = None) -> list[Row]:
    """The rows of at most ``limit`` clients that have every word of ``text``, in any order, in their name or company, or
    its digits in one of their numbers (as dialled in ``country``, by default the company's, or internationally).

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
    words = _words(text[: limits.SEARCH_CLIENTS], country)
    # In a thread: calls that come in while tens of thousands of names are looked through do not wait.
    return await asyncio.to_thread(having, await tenant.client_texts.ordered(tenant.rows["client"]), words)


def _best_of(found: list[ClientText], wanted: str, limit: int) -> list[Row]:
    begin = [one for one in found if one.name.startswith(wanted)][:limit]
    word = [one for one in found if f" {wanted}" in one.text and not one.name.startswith(wanted)][:limit]
    chosen = {one.id: one.row for one in (*begin, *word, *found[:limit])}
    return list(chosen.values())[:limit]


def _words(text: str, country: str) -> list[frozenset[str]]:
    """What has to be found, each in any of its spellings. Text without a letter is one number."""
    if not any(one.isalpha() for one in text) and len(re.sub(r"\D", "", text)) >= _FEWEST_DIGITS:
        return [_spellings(text, country)]
    return [
        _spellings(word, country) if word.isdecimal() and len(word) >= _FEWEST_DIGITS else frozenset({word})
        for word in folded(text).split()
    ]


def _spellings(number: str, country: str) -> frozenset[str]:
    """The digits of a number or of a part of one, with and without what is dialled before it. In a text every number has a
    line of its own, so that a country code is found where numbers begin."""
    digits = "".join(str(int(one)) for one in number if one.isdecimal())
    if number.strip().startswith("+"):
        return frozenset({f"\n{digits}"})
    spellings = {digits}
    if digits.startswith("00"):
        spellings.add(f"\n{digits[2:]}")
    dialled_in = PhoneMetadata.metadata_for_region(country, None)
    if dialled_in is not None and dialled_in.national_prefix:
        spellings.add(digits.removeprefix(dialled_in.national_prefix))
    with contextlib.suppress(NumberUnreadable):
        spellings.add(read_number(number.strip(), country).removeprefix("+"))
    return frozenset(spellings - {""}) or frozenset({digits})
