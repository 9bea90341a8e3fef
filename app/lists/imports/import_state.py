"""The states of an import."""

from enum import StrEnum


class ImportState(StrEnum):
    """``columns``: nobody knows yet which column has the numbers. While somebody previews, applies or undoes it, that is
    what is shown, and what is stored changes when it is done: should the process die, nothing has happened."""

    COLUMNS = "columns"
    PREVIEWING = "previewing"
    PREVIEWED = "previewed"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"


class Act(StrEnum):
    """What is done to an import."""

    PREVIEW = "preview"
    APPLY = "apply"
    UNDO = "undo"

    @property
    def doing(self) -> ImportState:
        """The state while it is done."""
        return {
            Act.PREVIEW: ImportState.PREVIEWING, Act.APPLY: ImportState.APPLYING, Act.UNDO: ImportState.UNDOING,
        }[self]  # fmt: skip
