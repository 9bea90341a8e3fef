"""An HTTP request that nobody has read yet."""

from collections.abc import Mapping
from typing import NamedTuple


class Request(NamedTuple):
    """An HTTP request as it came. ``path_and_query`` is as it was sent, ``headers`` are by their names in lower
    case."""

    method: str
    path_and_query: str
    query: bytes
    headers: Mapping[bytes, bytes]
    body: bytes

    def header(self, name: bytes) -> str:
        """The header of this name; empty when there is none."""
        return self.headers.get(name, b"").decode("latin-1")
