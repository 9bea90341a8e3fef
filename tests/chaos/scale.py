"""How hard and how long things are broken: a few seconds in ``make test``, minutes in ``make chaos``. Same code."""

import os
from typing import Final, TypeVar

T = TypeVar("T")
LONG: Final = os.environ.get("ANTICHAMBRE_CHAOS") == "long"


def scaled(short: T, long: T) -> T:
    """``long`` in the long form, else ``short``."""
    return long if LONG else short


CALLS_PER_SECOND: Final = scaled(30.0, 100.0)
OUTAGE_SECONDS: Final = scaled(3.0, 60.0)
