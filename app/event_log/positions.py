"""Where a listener stands in the event log: ``<epoch>-<n>``, the epoch naming this database's log."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.event_log.feed import Feed
from models import CallEvent


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Where a stream begins. ``reset``: what lies between cannot be told any more, so the listener starts afresh."""

    position: int
    reset: bool = False


def written(feed: Feed, position: int) -> str:
    """The public form of a position."""
    return f"{feed.epoch}-{position}"


def here(feed: Feed) -> str:
    """Up to where this worker has heard. What is read after it was asked holds everything up to there."""
    return written(feed, feed.position)


async def take_up(feed: Feed, wanted: str | None) -> TakeUp:
    """Where a listener that has seen ``wanted`` goes on; without any it begins now. A wrong epoch, a position that the
    log has not reached and one that it no longer holds are a reset, never a silent gap."""
    if not wanted:
        return TakeUp(feed.position)
    epoch, _, digits = wanted.rpartition("-")
    if epoch != feed.epoch or not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        return TakeUp(feed.position, reset=True)
    position = int(digits)
    if position > feed.position:
        # Another worker may be some milliseconds ahead of this one.
        feed.hint.set()
        await feed.wait_for_news(position - 1, 1.0)
    if position > feed.position or await _is_gone(feed, position):
        return TakeUp(feed.position, reset=True)
    return TakeUp(position)


async def _is_gone(feed: Feed, position: int) -> bool:
    if position in (0, feed.position):
        return False
    async with feed.engine.connect() as connection:
        oldest = await connection.scalar(select(func.min(CallEvent.position)))
    return oldest is None or oldest > position + 1
