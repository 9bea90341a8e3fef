"""What becomes of a line of a file that is imported, and of one that an undo cannot take back."""

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


class LeftBecause(StrEnum):
    """Why an undo leaves something as it is."""

    EDITED = "edited"
    CONFLICT = "conflict"
    WRITTEN_ABOUT = "written_about"
    MERGED = "merged"
    LATER_IMPORT = "later_import"
    GONE = "gone"
