"""What becomes of a line of a file that is imported."""

from enum import StrEnum


class RowKind(StrEnum):
    """What becomes of a line: these five, in every interface."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    TWICE = "twice"
    ERROR = "error"


class SkipReason(StrEnum):
    """Why a good line is not imported."""

    EXPIRED = "expired"
    TWICE = "twice"
    LISTED = "listed"
    PROTECTED = "protected"
    OPPOSITE = "opposite"
    CLIENT = "client"
