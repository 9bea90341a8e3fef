"""The static document for a provider's console: what a line answers with when this service cannot be reached at all.

A static document cannot filter: it knows neither who calls nor what time it is, so it makes nobody a VIP and blocks
nobody. It rings one person of the company, and it cannot ask that person to press a key first.
"""

import hashlib
from dataclasses import asdict, dataclass

from app.answering.answers import Answer, Callee, Ring, Say, Speech
from app.base.problems.fallback import OutOfDate
from app.plan.phrases import phrase_in, words_of
from app.providers.addresses import Addresses
from app.providers.capabilities import degrade
from app.providers.provider import Provider
from app.words.hours_in_words import hours_in_words
from routing.actions import Leg, Phrase
from routing.plan import Line, RoutingPlan


@dataclass(frozen=True, slots=True)
class Said:
    """What a document is made of. ``dial`` is E.164, or None when there is nobody to ring; ``hours`` may be empty."""

    language: str
    greeting: str
    dial: str | None
    ring_seconds: int
    apology: str
    hours: str

    @classmethod
    def of_line(cls, plan: RoutingPlan, line: Line) -> "Said":
        """From the plan as it is now."""
        leg = _first_to_ring(plan)
        week = plan.hours.get(line.hours_id or "")
        return cls(
            language=line.language,
            greeting=words_of(plan, phrase_in(plan, Phrase.PLEASE_HOLD, line.language)) if leg else "",
            dial=leg.address if leg else None,
            ring_seconds=leg.ring_seconds if leg else 0,
            apology=words_of(plan, phrase_in(plan, Phrase.APOLOGY, line.language)),
            hours=hours_in_words(week, line.language) if week else "",
        )

    def as_json(self) -> dict[str, object]:
        """For keeping."""
        return asdict(self)

    def answer(self, line_number: str) -> Answer:
        """An answer that leads to no other; ``line_number`` is shown to whoever is rung, since a provider rings no
        telephone for a caller who hides the number."""
        after = tuple(Speech(text, self.language) for text in (self.apology, self.hours) if text)
        if self.dial is None:
            return Say(after)
        before = (Speech(self.greeting, self.language),)
        return Ring((Callee(self.dial),), line_number, self.ring_seconds, None, before=before, after=after)

    def document(self, line_number: str, provider: Provider) -> str:
        """The answer in the provider's language; it needs nothing but the provider."""
        answer = degrade(self.answer(line_number), provider.capabilities)
        return provider.write(answer, Addresses("", provider.name, b""))


def fingerprint(document: str) -> str:
    """By which two documents are compared."""
    return hashlib.sha256(document.encode()).hexdigest()


def changes_since(before: dict[str, object], now: Said) -> list[OutOfDate]:
    """What has changed since a document was exported; empty when the exported one still says the same."""
    return [OutOfDate(name) for name, value in now.as_json().items() if before.get(name) != value]


def _first_to_ring(plan: RoutingPlan) -> Leg | None:
    """The first of the management with a telephone number, else the first operator with one. Whether they are available
    just now is no matter for a document that will be used some other day."""
    ordered = sorted(plan.operators.values(), key=lambda one: (not one.management, one.position, one.leg.operator_id))
    numbers = [one.leg for one in ordered if one.leg.address.startswith("+")]
    return next((leg for leg in numbers if plan.may_ring(leg.address)), None)
