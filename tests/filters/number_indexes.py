"""Number indexes in memory, for tests."""

import io
from collections.abc import Iterable

from filters.list_entry import ListEntry
from filters.number_index import Details, NumberIndex, NumberIndexWriter, StandsFor, key_of

STANDS_FOR = StandsFor(7, 1_795_000_000_000_000, b"sixteen bytes of")


def written(entries: Iterable[ListEntry]) -> bytes:
    """The index of ``entries``, which are all exact."""
    out = io.BytesIO()
    writer = NumberIndexWriter(out, io.BytesIO(), io.BytesIO())
    writer.add_all(
        (entry.pattern.number, entry.id, _details(entry))
        for entry in sorted(entries, key=lambda one: key_of(one.pattern.number))
    )
    writer.finish(STANDS_FOR)
    return out.getvalue()


def _details(entry: ListEntry) -> Details:
    treatment = entry.treatment.value if entry.treatment else None
    return entry.label, entry.reason, entry.expires_at, tuple(sorted(entry.lines)), treatment


def index_of(entries: Iterable[ListEntry]) -> NumberIndex:
    """The same, ready to look numbers up."""
    return NumberIndex(written(entries))
