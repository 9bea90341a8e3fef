"""What an import found and did, for people."""

import re
from typing import Final, assert_never

from babel.numbers import format_decimal

from app.base.language import gettext as _
from app.base.language import locale, ngettext
from app.base.problems.import_lines import RowKind, SkipReason
from app.cli.import_clients import DoneClients
from app.cli.import_sales import DoneSales
from app.cli.import_stored import ProblemSeen
from app.lists.files.report import Report, Skipped
from app.words.problems.files import line_words, rounded_words
from models.list_name import ListName

SHOWN_AT_MOST: Final = 20
_LINES_NAMED: Final = 5
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")


def words(report: Report) -> str:
    """Sentences, a line each. Nothing that the file holds can do anything to a terminal."""
    name = ListName(report.list_name)
    lines = [_first_sentence(report, name)]
    if report.unread_columns:
        columns = ", ".join(map(shown, report.unread_columns[:SHOWN_AT_MOST]))
        lines.append(_("Columns that are not read: %(columns)s.", columns=columns))
    if report.remarks:
        lines.append(
            ngettext(
                "%(count)s comment or title skipped.", "%(count)s comments and titles skipped.", report.remarks,
                count=_number(report.remarks),
            )
        )  # fmt: skip
    if report.rounded:
        lines.append(rounded_words(report.rounded))
    for problem in report.problems[:SHOWN_AT_MOST]:
        value = _("“%(text)s”: ", text=shown(problem.value)) if problem.value else ""
        place = _("line %(line)s, %(field)s", line=problem.line, field=problem.field)
        lines.append(f"  {place}: {value}{line_words(problem.problem)}")
    if (more := report.bad - SHOWN_AT_MOST) > 0:
        lines.append("  " + _more_words(more))
    lines += [_skipped_line(why, name, report) for why in SkipReason if report.skipped[why]]
    if not report.preview:
        lines.append(_where_it_is_live(report.version, report.workers, report.behind))
    return "\n".join(lines)


def client_import_words(done: DoneClients) -> str:
    """What an import of clients found and did; sentences, a line each."""
    counts = done.counts
    numbers = {kind.value: _number(counts[kind.value]) for kind in RowKind}
    if done.preview:
        first = _(
            "%(add)s clients would be added and %(change)s changed; %(same)s known already, %(twice)s twice in the file, "
            "%(error)s errors.",
            **numbers,
        )
    else:
        first = _(
            "%(add)s clients added and %(change)s changed; %(same)s known already, %(twice)s twice in the file, %(error)s "
            "errors.",
            **numbers,
        )
    lines = [first, *_what_is_wrong(done.unread, done.problems, counts["error"])]
    if not done.preview:
        lines.append(_where_it_is_live(done.version, done.workers, done.behind))
    return "\n".join(lines)


def sale_import_words(done: DoneSales) -> str:
    """What an import of sales found and did; sentences, a line each."""
    numbers = {kind.value: _number(done.counts[kind.value]) for kind in RowKind}
    if done.id:
        first = _(
            "%(add)s sales added; %(same)s there already, %(twice)s twice in the file, %(error)s errors. The segments "
            "follow within a minute while the service runs.",
            **numbers,
        )
    else:
        first = _(
            "%(add)s sales would be added; %(same)s there already, %(twice)s twice in the file, %(error)s errors.",
            **numbers,
        )
    return "\n".join([first, *_what_is_wrong(done.unread, done.problems, done.counts["error"])])


def _what_is_wrong(unread: tuple[str, ...], problems: list[ProblemSeen], errors: int) -> list[str]:
    lines = []
    if unread:
        columns = ", ".join(map(shown, unread[:SHOWN_AT_MOST]))
        lines.append(_("Columns that are not read: %(columns)s.", columns=columns))
    for row in problems[:SHOWN_AT_MOST]:
        value = _("“%(text)s”: ", text=shown(row.value)) if row.value else ""
        place = _("line %(line)s, %(field)s", line=row.line, field=row.field)
        lines.append(f"  {place}: {value}{shown_sentence(row.words)}")
    if (more := errors - SHOWN_AT_MOST) > 0:
        lines.append("  " + _more_words(more))
    return lines


def shown_sentence(text: str) -> str:
    """A sentence, which may quote the file, without what a terminal would obey."""
    return _UNSEEN.sub("·", text)


def _first_sentence(report: Report, name: ListName) -> str:
    read = ngettext("%(count)s line read", "%(count)s lines read", report.rows, count=_number(report.rows))
    left_out, bad = _number(sum(report.skipped.values())), _number(report.bad)
    rest = _("%(left_out)s left out, %(bad)s bad.", left_out=left_out, bad=bad)
    changed = f"{_changed_words(report)}, " if report.changed else ""
    return f"{read}: {_added_words(report, name)}, {changed}{rest}"


def _changed_words(report: Report) -> str:
    changed = _number(report.changed)
    if report.preview:
        return _("%(changed)s would be changed", changed=changed)
    return _("%(changed)s changed", changed=changed)


def _added_words(report: Report, name: ListName) -> str:
    added = _number(report.added)
    match name:
        case ListName.VIP if report.preview:
            return _("%(added)s would be added to the VIP list", added=added)
        case ListName.VIP:
            return _("%(added)s added to the VIP list", added=added)
        case ListName.BLACKLIST if report.preview:
            return _("%(added)s would be added to the blacklist", added=added)
        case ListName.BLACKLIST:
            return _("%(added)s added to the blacklist", added=added)
        case _:
            assert_never(name)


def _more_words(more: int) -> str:
    return ngettext(
        "and %(count)s more bad line; --json lists up to %(limit)s of them.",
        "and %(count)s more bad lines; --json lists up to %(limit)s of them.",
        more,
        count=_number(more),
        limit=_number(1000),
    )


def _skipped_line(why: SkipReason, name: ListName, report: Report) -> str:
    count = report.skipped[why]
    return f"{_skipped_words(why, name, count)} {_named(why, count, report.left_out)}"


def _skipped_words(why: SkipReason, name: ListName, count: int) -> str:
    number, other_is_vip = _number(count), name.other is ListName.VIP
    match why:
        case SkipReason.EXPIRED:
            return _("Left out, %(count)s already expired:", count=number)
        case SkipReason.TWICE:
            return _("Left out, %(count)s in the file twice:", count=number)
        case SkipReason.LISTED:
            return _("Left out, %(count)s already on the list:", count=number)
        case SkipReason.PROTECTED:
            return _("Left out, %(count)s protected, which cannot be blocked:", count=number)
        case SkipReason.OPPOSITE if other_is_vip:
            return _("Left out, %(count)s on the VIP list; remove them there first:", count=number)
        case SkipReason.OPPOSITE:
            return _("Left out, %(count)s on the blacklist; remove them there first:", count=number)
        case SkipReason.CLIENT if other_is_vip:
            return _("Left out, %(count)s clients who are VIPs; change their status first:", count=number)
        case SkipReason.CLIENT:
            return _("Left out, %(count)s clients who are blacklisted; change their status first:", count=number)
        case _:
            assert_never(why)


def _named(why: SkipReason, count: int, left_out: list[Skipped]) -> str:
    named = ", ".join(_line_named(one) for one in [one for one in left_out if one.why is why][:_LINES_NAMED])
    return named + (" …" if count > _LINES_NAMED else "")


def _line_named(one: Skipped) -> str:
    about = one.about_words() if one.why is not SkipReason.TWICE else ""
    number = shown(one.number) + (f", {shown(about)}" if about else "")
    return _("line %(line)s (%(number)s)", line=one.line, number=number)


def _where_it_is_live(version: int, workers: int, behind: list[str]) -> str:
    if not version:
        return _("Nothing has changed.")
    if not workers:
        return _("No service is running; it takes effect when one starts (version %(version)s).", version=version)
    if behind:
        return _(
            "Saved (version %(version)s), but %(behind)s of %(workers)s workers do not serve it yet: %(names)s. They catch "
            "up by themselves; see /health/ready.",
            version=version,
            behind=len(behind),
            workers=workers,
            names=", ".join(behind),
        )
    return ngettext(
        "Live in the one worker (version %(version)s).",
        "Live in all %(num)s workers (version %(version)s).",
        workers,
        version=version,
    )


def _number(count: int) -> str:
    return str(format_decimal(count, locale=locale()))


def shown(text: str) -> str:
    """``text`` without what a terminal would obey, and not too long."""
    visible = _UNSEEN.sub("·", text)
    return visible if len(visible) <= 60 else f"{visible[:59]}…"
