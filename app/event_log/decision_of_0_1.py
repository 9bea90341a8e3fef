"""Decisions as release 0.1 stored them: English sentences, and a list entry as it was shown. The sentences are kept as they
are; what they name is read back into values."""

import re
from datetime import UTC, datetime
from typing import Final

from app.event_log.records import Payload
from app.event_log.stored_decision import (
    OldWords,
    StoredCaller,
    StoredClient,
    StoredDecision,
    StoredLine,
    StoredMatch,
    StoredReason,
)
from filters.caller_id import CallerKind
from filters.list_entry import Idle
from filters.matches import MatchSource
from filters.pattern import Pattern, PatternKind
from routing.findings import Question
from routing.reasons import ReasonCode

VERSION: Final = 1
_RANGE: Final = re.compile(r"(\+[0-9]+) to (\+[0-9]+)")
_EXPIRED: Final = re.compile(r"expired (.+) UTC")
_OF_CLIENT: Final = "status of client "
_IDLE: Final = {
    "limited to other lines": Idle.OTHER_LINES,
    "a shared number never takes over one person's status": Idle.SHARED_NUMBER,
}


def decision_of_0_1(stored: Payload) -> StoredDecision:
    """The decision that ``stored`` tells. Raises KeyError and ValueError for what no release has written."""
    caller, line, client = stored["caller"], stored["line"], stored["client"]
    trace = tuple(OldWords(Question(step["question"]), step["matched"], step["found"]) for step in stored["trace"])
    code, text = ReasonCode(stored["reason"]["code"]), stored["reason"]["text"]
    return StoredDecision(
        version=VERSION,
        caller=StoredCaller(CallerKind(caller["kind"]), caller["number"] or caller.get("address", "")),
        action_name=stored["action"],
        detail=stored["detail"],
        reason=StoredReason(code, OldWords(trace[-1].question, True, text)),
        trace=trace,
        revision=stored["revision"],
        language=stored["language"],
        matches=tuple(_match(one) for one in stored["matches"]),
        line=StoredLine(line["id"], line["label"]) if line else None,
        client=StoredClient(client["id"], client["name"]) if client else None,
        as_of=datetime.fromisoformat(stored["as_of"]) if "as_of" in stored else None,
    )


def _match(match: Payload) -> StoredMatch:
    pattern, why = _pattern(match["names"]), match["idle_because"] or ""
    of_client = match["list"] == MatchSource.CLIENT or match["reason"] == f"{_OF_CLIENT}{match['label']}"
    expired = _EXPIRED.fullmatch(why)
    return StoredMatch(
        MatchSource(match["list"]),
        match["entry"],
        pattern.number,
        pattern.kind,
        pattern.to,
        match["label"],
        "" if of_client else match["reason"],
        Idle.EXPIRED if expired else _IDLE[why] if why else None,
        datetime.fromisoformat(expired[1]).replace(tzinfo=UTC) if expired else None,
        of_client=of_client,
        deciding=match["deciding"],
    )


def _pattern(names: str) -> Pattern:
    if names.startswith("country "):
        return Pattern(PatternKind.COUNTRY, names.removeprefix("country "))
    if names.endswith("…"):
        return Pattern(PatternKind.PREFIX, names.removesuffix("…"))
    if (ends := _RANGE.fullmatch(names)) is not None:
        return Pattern(PatternKind.RANGE, ends[1], ends[2])
    return Pattern(PatternKind.EXACT, names)
