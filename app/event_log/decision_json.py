"""A decision as JSON: stored with the call, answered by ``/explain``, read by the card. Part of the public contract."""

from dataclasses import asdict
from functools import lru_cache
from typing import Any

from filters.matches import Match
from routing.actions import Action
from routing.inquiry import Decision

QUESTION_TITLES = {
    "line_is_unknown": "Whose line is this?",
    "number_is_our_own": "Is it our own number calling us?",
    "number_is_protected": "Is the number protected?",
    "caller_is_a_vip": "Is the caller a VIP?",
    "caller_is_blacklisted": "Is the caller blacklisted?",
    "category_says": "What does the client's category say?",
    "number_is_hidden": "Is the number hidden?",
    "line_is_closed": "Is the line closed?",
    "line_has_a_menu": "Does the line have a menu?",
    "line_has_a_queue": "Does the line have a queue?",
    "nothing_matched": "Has anything matched?",
}
"""The questions of :mod:`routing.decision`, by the name of their function."""


def decision_json(decision: Decision) -> dict[str, Any]:
    """``{"action", "detail", "reason", "matches", "trace", "revision", …}``; ``detail`` are the action's own fields."""
    return {"caller": _caller_json(decision)} | of_the_caller(decision) | of_the_action(decision)


def of_the_caller(decision: Decision) -> dict[str, Any]:
    """What was found about the caller and why it led to the action; equal for callers of whom nothing is known."""
    return {
        "reason": {"code": decision.reason.code.value, "text": decision.reason.text},
        "matches": [_match_json(match, decision) for match in decision.caller.matches],
        "trace": [
            {"question": question, "title": QUESTION_TITLES[question], "found": found, "matched": matched,
             "decided": decided}
            for question, found, matched, decided in decision.asked
        ],
    }  # fmt: skip


def of_the_action(decision: Decision) -> dict[str, Any]:
    """The rest: equal for all callers on no card who get the same from one line."""
    client = decision.caller.client
    return {
        "action": decision.action.name,
        "detail": _detail(decision.action),
        "revision": decision.revision,
        "language": decision.language,
        "line": {"id": decision.line.id, "label": decision.line.label} if decision.line else None,
        "client": {"id": client.id, "name": client.name} if client else None,
    }


def _caller_json(decision: Decision) -> dict[str, Any]:
    caller_id = decision.caller.caller_id
    return {
        "kind": caller_id.kind.value,
        "number": caller_id.number,
        # What identifies a caller who has no number: a SIP address, a browser client, a short code.
        "address": caller_id.value if caller_id.number is None else "",
    }


@lru_cache(maxsize=4096)
def _detail(action: Action) -> dict[str, Any]:
    return asdict(action)


def _match_json(match: Match, decision: Decision) -> dict[str, Any]:
    return {
        "list": match.source.value,
        "entry": match.entry_id,
        "names": match.names,
        "label": match.label,
        "reason": match.reason,
        "specificity": match.specificity,
        "counts": match.counts,
        "idle_because": match.idle_because,
        "deciding": match is decision.caller.winner,
    }
