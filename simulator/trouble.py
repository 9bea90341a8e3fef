"""What can be wrong with a provider's REST API, to be switched on by tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Trouble:
    """`away`: every request is answered 503. `delay`: seconds (real ones) before each answer. `too_many`: so many requests
    more are answered 429, with `retry_after` seconds in Retry-After. `answers_lost`: so many requests more are carried
    out and answered 500. `recordings_after`: telephone seconds until a recording can be fetched; 404 until then."""

    away: bool = False
    delay: float = 0.0
    too_many: int = 0
    retry_after: int = 1
    answers_lost: int = 0
    recordings_after: float = 0.0
