"""The clients' names, numbers and what else they are found by, in the form in which they are searched, kept in step with a
tenant's rows.

They are made when somebody searches for the first time, not when a plan is loaded: a worker that only answers calls does
not pay for them.
"""

import asyncio
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from app.base.search_text import folded
from app.plan.rows import Row

_AT_ONCE: Final = 50
"""How many rows are read before other work of this worker gets its turn: about a millisecond's work."""


class ClientText(NamedTuple):
    """A client as searched. ``name`` is folded; ``text`` is the folded name and company and then, a line each, the
    digits of the numbers, e-mail addresses, card number and tags. Clients sort by name, then id (no two have the same, so
    rows are never compared)."""

    name: str
    id: str
    text: str
    row: Row

    @classmethod
    def of(cls, row: Row) -> "ClientText":
        """The text of a client's row."""
        name = folded(row["name"])
        digits = [one["number"].lstrip("+") for one in row["numbers"]]
        more = [
            folded(one) for one in (*row.get("emails", ()), row.get("card_number", ""), *row.get("tags", ())) if one
        ]
        return cls(name, row["id"], "\n".join([f"{name} {folded(row['company'])}", *digits, *more]), row)


class ClientTexts:
    """The texts of one tenant's clients, in the order of names."""

    def __init__(self) -> None:
        self._by_id: dict[str, ClientText] = {}
        self._ordered: list[ClientText] = []
        self._wanted = self._complete = False
        self._making = asyncio.Lock()

    async def ordered(self, rows: Mapping[str, Row]) -> list[ClientText]:
        """A copy of all texts, by name; made of ``rows`` the first time, in many small steps."""
        async with self._making:
            self._wanted = True
            for place, row in enumerate([] if self._complete else list(rows.values())):
                # Whatever changes between the steps comes through `put` and `drop`.
                if rows.get(row["id"]) is row:
                    self.put(row)
                if place % _AT_ONCE == 0:
                    await asyncio.sleep(0)
            self._complete = True
        return self._ordered.copy()

    def put(self, row: Row) -> None:
        """A client came or changed."""
        if self._wanted:
            self.drop(row["id"])
            self._by_id[row["id"]] = text = ClientText.of(row)
            insort(self._ordered, text)

    def drop(self, client_id: str) -> None:
        """A client is gone, or about to be put anew."""
        if (text := self._by_id.pop(client_id, None)) is not None:
            del self._ordered[bisect_left(self._ordered, text)]


def having(texts: Iterable[ClientText], words: Iterable[frozenset[str]]) -> list[ClientText]:
    """Those of ``texts`` that have every one of ``words``, each in one of its spellings."""
    found = list(texts)
    for spellings in words:
        if len(spellings) == 1:
            (word,) = spellings
            found = [one for one in found if word in one.text]
        else:
            found = [one for one in found if any(word in one.text for word in spellings)]
    return found
