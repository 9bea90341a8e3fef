"""What an import found and did, for people."""

import re
from typing import Final

from app.lists.files.report import Report, Skipped, SkipReason
from app.words.problems.files import line_words
from models.list_name import ListName

SHOWN_AT_MOST: Final = 20
_LINES_NAMED: Final = 5
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")

_WHY: Final = {
    SkipReason.EXPIRED: "ended already",
    SkipReason.TWICE: "in the file twice",
    SkipReason.LISTED: "on the list already",
    SkipReason.PROTECTED: "protected: cannot be blocked",
    SkipReason.OPPOSITE: "on the {opposite}; take them off there first",
    SkipReason.CLIENT: "clients who are {standing}; change their standing first",
}


def words(report: Report) -> str:
    """Sentences, a line each. Nothing that the file holds can do anything to a terminal."""
    name = ListName(report.list_name)
    lines = [_first_sentence(report, name)]
    if report.unread_columns:
        lines.append(f"Columns that are not read: {', '.join(map(shown, report.unread_columns[:SHOWN_AT_MOST]))}.")
    for problem in report.problems[:SHOWN_AT_MOST]:
        value = f"“{shown(problem.value)}”: " if problem.value else ""
        lines.append(f"  line {problem.line}, {problem.field}: {value}{line_words(problem.problem)}")
    if report.bad > SHOWN_AT_MOST:
        lines.append(f"  and {report.bad - SHOWN_AT_MOST:,} more bad lines; --json lists up to 1,000 of them.")
    for why, words_of_it in _WHY.items():
        if count := report.skipped[why]:
            meaning = words_of_it.format(
                opposite=name.other.words, standing="VIPs" if name.other is ListName.VIP else "blacklisted"
            )
            lines.append(f"Left out, {count:,} {meaning}: {_named(why, count, report.left_out)}")
    if not report.preview:
        lines.append(_where_it_is_live(report))
    return "\n".join(lines)


def _first_sentence(report: Report, name: ListName) -> str:
    read = f"{report.rows:,} {'line' if report.rows == 1 else 'lines'} read: "
    added = f"{report.added:,} would be added" if report.preview else f"{report.added:,} added"
    return f"{read}{added} to the {name.words}, {sum(report.skipped.values()):,} left out, {report.bad:,} bad."


def _named(why: SkipReason, count: int, left_out: list[Skipped]) -> str:
    some = [one for one in left_out if one.why is why][:_LINES_NAMED]
    about = (
        f", {shown(about)}" if (about := one.about_words()) and why is not SkipReason.TWICE else "" for one in some
    )
    named = ", ".join(f"line {one.line} ({shown(one.number)}{more})" for one, more in zip(some, about, strict=True))
    return named + (" …" if count > len(some) else "")


def _where_it_is_live(report: Report) -> str:
    if not report.version:
        return "Nothing has changed."
    if not report.workers:
        return f"No service is running; it takes effect when one starts (version {report.version})."
    if report.behind:
        return (
            f"Saved (version {report.version}), but {len(report.behind)} of {report.workers} workers do not serve it yet: "
            f"{', '.join(report.behind)}. They take it over by themselves; see /health/ready."
        )
    workers = "the one worker" if report.workers == 1 else f"all {report.workers} workers"
    return f"Live in {workers} (version {report.version})."


def shown(text: str) -> str:
    """``text`` without what a terminal would obey, and not too long."""
    visible = _UNSEEN.sub("·", text)
    return visible if len(visible) <= 60 else f"{visible[:59]}…"
