"""What an import found and did: in numbers, and line by line where something is wrong or left out."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

from app.base.problems.entries import Protection
from app.base.problems.files import DOES_NOT_COUNT
from app.base.problems.import_lines import RowKind, SkipReason
from app.lists.files.line_parts import line_of_part
from app.lists.files.table import BadLine
from app.words.problems.entries import protection_words
from app.words.problems.files import line_words, rounded_words

LISTED_AT_MOST: Final = 1000


KIND_OF: Final = {
    SkipReason.LISTED: RowKind.SAME, SkipReason.TWICE: RowKind.TWICE, SkipReason.EXPIRED: RowKind.ERROR,
    SkipReason.PROTECTED: RowKind.ERROR, SkipReason.OPPOSITE: RowKind.ERROR, SkipReason.CLIENT: RowKind.ERROR,
}  # fmt: skip
"""The kind of a line that is left out."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line left out. ``about`` is the first line of the same number, the client whose number it is, or the entry in the
    way; ``protection`` is why a number cannot be blocked."""

    line: int
    number: str
    why: SkipReason
    about: str = ""
    protection: Protection | None = None

    def about_words(self) -> str:
        """``about``, or the protection, for people."""
        return protection_words(self.protection) if self.protection is not None else self.about


@dataclass(slots=True)
class Report:
    """``problems`` and ``left_out`` have the first :data:`LISTED_AT_MOST`, in the order of the file; ``bad`` and
    ``skipped`` count all of them, ``unreadable`` the bad ones of which nobody knows what they were to say.
    ``workers`` were running after the commit, ``behind`` of them did not serve it yet.
    ``seconds`` has the time that each phase took. ``remarks`` counts comments and titles, ``rounded`` the lines whose number
    ends in five zeros and comes again, as a spreadsheet that shortens numbers makes them. ``changed`` entries were on the
    list and get other values, ``missing`` ones are not in the file, ``removed`` of them were taken off. ``id`` is the
    import's, by which it can be undone."""

    list_name: str
    preview: bool
    encoding: str = ""
    unread_columns: tuple[str, ...] = ()
    rows: int = 0
    remarks: int = 0
    rounded: int = 0
    added: int = 0
    changed: int = 0
    missing: int = 0
    removed: int = 0
    bad: int = 0
    unreadable: int = 0
    problems: list[BadLine] = field(default_factory=list)
    skipped: Counter[SkipReason] = field(default_factory=Counter)
    left_out: list[Skipped] = field(default_factory=list)
    version: int = 0
    workers: int = 0
    behind: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    id: str = ""

    def note_problem(self, problem: BadLine) -> None:
        """Count a bad line."""
        self.bad += 1
        self.unreadable += problem.problem not in DOES_NOT_COUNT
        if len(self.problems) < LISTED_AT_MOST:
            self.problems.append(replace(problem, line=line_of_part(problem.line)))

    def note_skipped(self, skipped: Skipped) -> None:
        """Count a line that is left out."""
        self.skipped[skipped.why] += 1
        if len(self.left_out) < LISTED_AT_MOST:
            self.left_out.append(skipped)

    def five_counts(self) -> dict[str, int]:
        """How many lines become what; together they are all lines."""
        counts = dict.fromkeys((kind.value for kind in RowKind), 0)
        counts |= {RowKind.ADD.value: self.added, RowKind.CHANGE.value: self.changed, RowKind.ERROR.value: self.bad}
        for why, count in self.skipped.items():
            counts[KIND_OF[why].value] += count
        return counts

    def counts(self) -> dict[str, object]:
        """The numbers alone, as the audit trail keeps them."""
        return {
            "rows": self.rows, "remarks": self.remarks, "added": self.added, "changed": self.changed,
            "removed": self.removed, "bad": self.bad, "skipped": self._skipped(), "rounded": self.rounded,
        }  # fmt: skip

    def as_json(self) -> dict[str, object]:
        """Everything."""
        return {
            "id": self.id or None,
            "list": self.list_name,
            "preview": self.preview,
            "encoding": self.encoding,
            "columns_not_read": list(self.unread_columns),
            "counts": self.five_counts(),
            "missing": self.missing,
            **self.counts(),
            "warnings": [rounded_words(self.rounded)] if self.rounded else [],
            "problems": [
                {"line": one.line, "field": one.field, "value": one.value, "problem": line_words(one.problem)}
                for one in self.problems
            ],
            "left_out": [
                {"line": one.line, "number": one.number, "why": one.why.value, "about": one.about_words()}
                for one in sorted(self.left_out, key=lambda one: one.line)
            ],
            "version": self.version,
            "workers": self.workers,
            "behind": self.behind,
            "seconds": {phase: round(seconds, 3) for phase, seconds in self.seconds.items()},
        }

    def _skipped(self) -> dict[str, int]:
        return {why.value: self.skipped[why] for why in SkipReason if self.skipped[why]}
