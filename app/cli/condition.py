"""What ``antichambre doctor`` finds of each part: how it is, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: ``FAIL`` keeps the service from working as promised, ``WARN`` may do so one day."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Condition:
    """``part`` is a stable name for scripts; ``found`` says how it is and, unless it is well, what to do."""

    part: str
    level: Level
    found: str
