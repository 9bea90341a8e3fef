"""Many lines for a list at once: what each of them would do, and adding those that can be added."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.base.errors import Conflict, Problem, Unprocessable
from app.base.problems.entries import ClientSaysOtherwise, ListedEntry, OnTheOtherList, OnThisList
from app.base.problems.reach import EntryWarning
from app.edits.edit import Edit
from app.edits.in_turn import take_turn
from app.lists.edit_entries import add_entry, delete_entry, judge_entry
from app.lists.entry import EntryIn
from app.lists.pasted_lines import PastedLine
from app.plan.rows import Row
from filters.pattern import Pattern, PatternKind
from models.list_name import ListName


class LineState(StrEnum):
    """What becomes of a line."""

    FINE = "fine"
    TWICE = "twice"
    ASKS = "asks"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """About one line. ``why`` is what stands in the way, ``warnings`` what ought to be known. A line ASKS when
    the number stands on the other list as that very number: it is moved if the id of that ``entry`` is among those
    that were confirmed (``moves``). ``pattern`` is None when the line names nothing."""

    line: PastedLine
    state: LineState
    pattern: Pattern | None = None
    why: Problem | None = None
    warnings: list[EntryWarning] = field(default_factory=list)
    entry: ListedEntry | None = None
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Pasting:
    """What is pasted into the list ``name``: the lines, what holds for all of them (``shared``, whose label goes where a
    line has none), and the ids of entries of the other list that are to make way."""

    name: ListName
    lines: Sequence[PastedLine]
    shared: EntryIn
    really: Collection[str] = ()

    def form(self, line: PastedLine) -> EntryIn:
        """The entry that ``line`` asks for."""
        label = line.label or self.shared.label
        return self.shared.model_copy(
            update={"number": line.number, "match": line.match, "to": line.to, "label": label}
        )


async def judge_lines(edit: Edit, pasting: Pasting, now: datetime) -> list[Verdict]:
    """What would become of each line now. Nothing is saved; nobody waits."""
    verdicts: list[Verdict] = []
    seen: set[Pattern] = set()
    for line in pasting.lines:
        try:
            pattern, warnings = await judge_entry(edit, pasting.name, pasting.form(line), now)
        except (Conflict, Unprocessable) as problem:
            verdicts.append(_refused(line, problem, pasting))
            continue
        state = LineState.TWICE if pattern in seen else LineState.FINE
        seen.add(pattern)
        verdicts.append(Verdict(line, state, pattern, warnings=warnings))
    return verdicts


async def add_lines(edit: Edit, pasting: Pasting, now: datetime) -> tuple[list[Row], list[Verdict]]:
    """Add what can be added; returns the new rows, and a verdict about each line that is left. Raises
    :class:`Unprocessable` for what is wrong with all of them: expiry, lines, texts."""
    await take_turn(edit)
    added: list[Row] = []
    left: list[Verdict] = []
    seen: set[Pattern] = set()
    for line in pasting.lines:
        form = pasting.form(line)
        try:
            try:
                saved = await add_entry(edit, pasting.name, form, now)
            except Conflict as conflict:
                verdict = _refused(line, conflict, pasting)
                if verdict.entry is None or not verdict.moves:
                    raise
                await delete_entry(edit, pasting.name.other, verdict.entry.id)
                saved = await add_entry(edit, pasting.name, form, now)
        except (Conflict, Unprocessable) as problem:
            if problem.field and problem.field not in ("number", "to"):
                raise
            verdict = _refused(line, problem, pasting)
            if verdict.pattern is None or verdict.pattern not in seen:
                left.append(verdict)
            continue
        row = saved.row
        seen.add(Pattern(PatternKind(row["match"]), row["number"], row["to"]))
        added.append(row)
    return added, left


def _refused(line: PastedLine, problem: Problem, pasting: Pasting) -> Verdict:
    match problem.cause:
        case OnTheOtherList(entry) if entry.pattern.kind is PatternKind.EXACT:
            moves = entry.id in pasting.really
            return Verdict(line, LineState.ASKS, entry.pattern, problem, entry=entry, moves=moves)
        case OnTheOtherList(entry) | OnThisList(entry):
            return Verdict(line, LineState.REFUSED, entry.pattern, problem, entry=entry)
        case ClientSaysOtherwise(number=number):
            return Verdict(line, LineState.REFUSED, Pattern(PatternKind.EXACT, number), problem)
        case _:
            return Verdict(line, LineState.REFUSED, None, problem)
