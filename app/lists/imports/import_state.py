"""The states of an import."""

from enum import StrEnum

from models import StoredImport


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


def can_be_undone(stored: StoredImport) -> bool:
    """Whether there is something to take back: all of it, or what an earlier undo had to leave."""
    state = ImportState(stored.state)
    return state is ImportState.APPLIED or (state is ImportState.UNDONE and bool((stored.undone or {}).get("kept")))
