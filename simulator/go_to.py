"""Where a line goes on: the next document to ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class GoTo:
    """Go on with the document at `url`, sending `extra` beside the standard parameters."""

    url: str
    method: str = "POST"
    extra: Mapping[str, str] = field(default_factory=dict)
