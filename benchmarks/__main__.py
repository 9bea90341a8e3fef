"""Everything: ``python -m benchmarks`` (or ``make bench``). Prints one table and, with ``--write``, puts it into
``docs/performance.md`` and draws the picture that the README shows."""

import argparse
import os
import platform
import re
import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks import decisions, edits, hot_path, imports, webhook_to_card
from benchmarks.picture import bars

_PAGE = Path("docs/performance.md")
_PICTURE = Path("docs/images/throughput.svg")
_BEGIN, _END = "<!-- measured by make bench -->", "<!-- end of what make bench measured -->"


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Median, and in brackets the smallest and the largest."""
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def hot_path_rows(found: hot_path.HotPath) -> list[tuple[str, str, str]]:
    """What the incoming call costs beside others."""
    rows = [
        (f"{name}: calls a second", spread([one.per_second for one in figures]), "")
        for name, figures in found.rounds.items()
    ]
    rows += [
        (f"{name}: p99 at full load, ms", spread([one.p99 for one in figures], 1), "")
        for name, figures in found.rounds.items()
    ]
    call = "incoming call"
    return [
        *rows,
        ("of the static document's throughput", spread(found.ratios(call, "static document"), 2), "≥ 0.75"),
        ("times the usual way's throughput", spread(found.ratios(call, "usual way"), 1), "≥ 12"),
        ("times the static document's p99", spread(found.p99_ratios(call, "static document"), 2), "≤ 2"),
        ("p99 at 100 calls/s + 200 callbacks/s, ms", f"{found.steady.p99:.1f}", "< 50"),
        ("longest of these, ms", f"{found.steady.longest:.1f}", ""),
    ]


def decision_rows(found: decisions.Decisions) -> list[tuple[str, str, str]]:
    """What deciding costs."""
    few, many = decisions.SIZES[0], decisions.SIZES[-1]
    return [
        *(
            (f"a decision over {size:,} entries, µs", f"{took:.1f}", "< 10")
            for size, took in found.microseconds.items()
        ),
        ("decide() alone, without what is remembered of the minute, µs", f"{found.alone:.1f}", ""),
        ("the most by the fewest entries", f"{found.microseconds[many] / found.microseconds[few]:.2f}", "≤ 2"),
        ("bytes an entry, once a host", f"{found.bytes_an_entry:.1f}", "≤ 24"),
    ]


def edit_rows(found: edits.Edits) -> list[tuple[str, str, str]]:
    """What editing costs."""
    return [
        (f"stale decisions, {found.edits:,} edits, {found.workers} workers", str(found.stale), "0"),
        ("an edit is confirmed after, ms (p50)", f"{found.p50:.0f}", "< 100"),
        ("the same, p95", f"{found.p95:.0f}", ""),
    ]


def import_rows(found: imports.Import) -> list[tuple[str, str, str]]:
    """What importing costs."""
    return [
        (f"import of {found.rows:,} rows, s", f"{found.seconds:.1f}", "< 30"),
        ("calls meanwhile: p99, ms", f"{found.calls.p99:.1f}", ""),
        ("calls meanwhile without an answer", str(found.calls.refused), "0"),
    ]


def card_rows(cards: webhook_to_card.Cards, panels: int) -> list[tuple[str, str, str]]:
    """From the webhook to the screen."""
    return [
        (f"webhook to painted card, {panels} open panels, ms (p50)", f"{statistics.median(cards.painted):.0f}", ""),
        ("the same, p95", f"{webhook_to_card.p95(cards.painted):.0f}", "≤ 100"),
    ]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew the page and the picture")
    parser.add_argument("--rounds", type=int, default=9, help="of the full load")
    asked = parser.parse_args()
    hot = hot_path.measure(1_000_000, asked.rounds, seconds=2)
    rows = [
        *hot_path_rows(hot),
        *decision_rows(decisions.measure()),
        *edit_rows(edits.measure()),
        *import_rows(imports.measure()),
        *card_rows(webhook_to_card.measure(50, 100), 100),
    ]
    lines = ["| what | measured | wanted |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    table = "\n".join([*lines, "", f"Medians, in brackets the smallest and the largest; {machine}."])
    print(table)
    if asked.write:
        page = _PAGE.read_text()
        _PAGE.write_text(re.sub(f"(?s){_BEGIN}.*{_END}", lambda _: f"{_BEGIN}\n\n{table}\n\n{_END}", page))
        speeds = {name: statistics.median(one.per_second for one in figures) for name, figures in hot.rounds.items()}
        _PICTURE.write_text(bars("Calls answered a second by one worker", speeds))


if __name__ == "__main__":
    main()
