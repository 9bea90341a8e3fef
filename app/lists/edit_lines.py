"""Many lines for a list at once: what each of them would do, and adding those that can be added."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from app.base.errors import Conflict, Problem, Unprocessable
from app.base.problems.entries import ClientSaysOtherwise, ListedEntry, OnTheOtherList, OnThisList
from app.base.problems.reach import CoversOwnCountry, EntryWarning
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
    """About one line. ``why`` is what stands in the way, ``warnings`` what ought to be known. A line ASKS when the number
    stands on the other list as that very number (``entry``, which would be moved), or when it would block the company's own
    country: it is added if ``key`` is among those that were confirmed (``is_meant``). ``pattern`` is None when the line
    names nothing."""

    line: PastedLine
    state: LineState
    pattern: Pattern | None = None
    why: Problem | None = None
    warnings: list[EntryWarning] = field(default_factory=list)
    entry: ListedEntry | None = None
    key: str = ""
    is_meant: bool = False


@dataclass(frozen=True, slots=True)
class Pasting:
    """What is pasted into the list ``name``: the lines, what holds for all of them (``shared``, whose label goes where a
    line has none), and the keys of what was asked about and is meant."""

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
        verdict = Verdict(line, state, pattern, warnings=warnings)
        verdicts.append(_about_country(verdict, pasting) if state is LineState.FINE else verdict)
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
                if form.match is PatternKind.COUNTRY:
                    pattern, warnings = await judge_entry(edit, pasting.name, form, now)
                    verdict = _about_country(Verdict(line, LineState.FINE, pattern, warnings=warnings), pasting)
                    if verdict.state is LineState.ASKS and not verdict.is_meant:
                        left.append(verdict)
                        continue
                saved = await add_entry(edit, pasting.name, form, now)
            except Conflict as conflict:
                verdict = _refused(line, conflict, pasting)
                if verdict.entry is None or not verdict.is_meant:
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


def _about_country(verdict: Verdict, pasting: Pasting) -> Verdict:
    """The verdict, or a question: nobody blocks their own country without having meant it."""
    pattern = verdict.pattern
    if pattern is None or not any(isinstance(one, CoversOwnCountry) for one in verdict.warnings):
        return verdict
    key = f"country {pattern.number}"
    return replace(verdict, state=LineState.ASKS, key=key, is_meant=key in pasting.really)


def _refused(line: PastedLine, problem: Problem, pasting: Pasting) -> Verdict:
    match problem.cause:
        case OnTheOtherList(entry) if entry.pattern.kind is PatternKind.EXACT:
            is_meant = entry.id in pasting.really
            return Verdict(line, LineState.ASKS, entry.pattern, problem, entry=entry, key=entry.id, is_meant=is_meant)
        case OnTheOtherList(entry) | OnThisList(entry):
            return Verdict(line, LineState.REFUSED, entry.pattern, problem, entry=entry)
        case ClientSaysOtherwise(number=number):
            return Verdict(line, LineState.REFUSED, Pattern(PatternKind.EXACT, number), problem)
        case _:
            return Verdict(line, LineState.REFUSED, None, problem)
