"""Where people have sent one call, folded from its facts: what is wanted, what was done, and who is asked first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.event_log.in_queue import LONG_AGO
from app.event_log.records import CallFact, FactKind, Payload
from routing.move import Move, MoveTo, read_move

TELLS: Final = frozenset({"move", "moved", "word", "word_over", "leg_over"})
"""Members of a fact that tells of it: what is wanted, that it was done, who is asked first, that they have been, and that an
operator's own call has ended or gone."""


@dataclass(frozen=True, slots=True)
class Word:
    """An operator speaks with somebody before the caller is transferred. ``move`` is where to, ``by`` the operator (id) who
    asked, ``leg`` their own call, ``other`` the call that rings the other one."""

    move: Move
    by: str
    leg: str
    other: str


@dataclass(slots=True)
class Sent:
    """``move`` is where somebody has sent the call that has not gone there yet; ``taken_at`` is when they asked for it
    themselves, unless it was sent to somebody else. ``word`` is whom its operator asks first.
    ``over`` are the ids of moves that are over, the last one ``moved_at``, ``left_legs`` the calls of operators that have
    left it or ended since, ``moved_legs`` those that a move has left behind."""

    move: Move | None = None
    taken_at: datetime | None = None
    word: Word | None = None
    over: frozenset[str] = frozenset()
    moved_at: datetime = LONG_AGO
    left_legs: frozenset[str] = frozenset()
    moved_legs: frozenset[str] = frozenset()

    def apply(self, fact: CallFact, leg: str) -> bool:
        """Take note of a fact, in any order and any number of times; ``leg`` is the call of the operator who talks. Whether
        the call has gone elsewhere by it."""
        told = fact.payload
        if "moved" in told:
            return self._moved(told["moved"], fact.at, leg)
        if "move" in told:
            wanted = read_move(told["move"])
            if wanted is not None and wanted.id not in self.over:
                self.move = wanted
                is_taken = fact.kind is FactKind.SEEN and wanted.to is MoveTo.OPERATOR
                self.taken_at = fact.at if is_taken else None
        elif "leg_over" in told:
            self.left_legs |= {told["leg_over"]}
        else:
            self._word(told)
        return False

    def answered(self, at: datetime) -> None:
        """Somebody has answered the call: whoever wanted to take it before that is too late."""
        if self.move is not None and self.taken_at is not None and at > self.taken_at:
            self.over |= {self.move.id}
            self.move, self.taken_at = None, None

    def _moved(self, move_id: str, at: datetime, leg: str) -> bool:
        if move_id in self.over:
            return False
        self.over, self.moved_at, self.word = self.over | {move_id}, at, None
        if self.move is not None and self.move.id == move_id:
            self.move = None
        if leg:
            self.left_legs |= {leg}
            self.moved_legs |= {leg}
        return True

    def _word(self, told: Payload) -> None:
        if over := told.get("word_over"):
            self.over |= {over}
            if self.word is not None and self.word.move.id == over:
                self.word = None
        elif "word" in told and (wanted := read_move(told["word"])) is not None and wanted.id not in self.over:
            self.word = Word(wanted, told["by"], told["leg"], told["other"])
