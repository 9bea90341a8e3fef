"""A call as lines for people: what the caller heard and did, minute by minute. Plain text, safe to print."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from simulator import heard
from simulator.line import Line

LONGEST_TEXT = 200
"""Characters shown of a spoken text."""


def transcript(line: Line) -> str:
    """The whole call, one line an event, e.g. `0:00 rings for 4 s`."""
    caller = safe(line.caller) or "(no number)"
    head = f"{caller} calls {safe(line.to)}"
    body = [f"{clock_time(event.at):>7}  {sentence(line, event)}" for event in line.heard]
    cost = "billed" if line.answered_at is not None else "not billed"
    foot = f"         {line.state} after {clock_time(line.answered_seconds)}, {cost}" if line.is_over else ""
    return "\n".join(filter(None, [head, *body, foot]))


def sentence(line: Line, event: heard.Event) -> str:
    """One event in words. Unknown kinds of events are named rather than dropped."""
    words = _SENTENCES.get(type(event))
    return words(line, event) if words else type(event).__name__


def clock_time(seconds: float) -> str:
    """0:07, 12:30, 1:00:05."""
    whole = int(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def safe(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text without anything that moves the cursor, changes colours or reverses the writing direction.

    Control and format characters, line breaks and unassigned ones become a visible dot; long texts are cut.
    """
    visible = "".join("·" if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" else c for c in text)
    visible = " ".join(visible.split())
    return visible if len(visible) <= longest else visible[: longest - 1] + "…"


def _seconds(event: Any) -> str:
    return f"{event.seconds:.0f} s"


def _who(line: Line, address: str) -> str:
    name = line.company.name_of(address.partition("?")[0].partition(";")[0])
    return f"{safe(name)} ({safe(address)})" if name else safe(address)


def _said(_: Line, event: Any) -> str:
    language = f" [{safe(event.language)}]" if event.language else ""
    return f'hears{language} "{safe(event.text)}"'


def _played(_: Line, event: Any) -> str:
    name = urlsplit(event.url).path.rpartition("/")[2] or event.url
    return f"music {_seconds(event)} ({safe(name)})"


def _prompt(_: Line, event: Any) -> str:
    digits = event.number_of_digits
    return "is asked for keys" if digits is None else f"is asked for {digits} key{'s' if digits > 1 else ''}"


_HUNG_UP = {
    "caller": "hangs up",
    "document": "the service hangs up",
    "rest": "the service ends the call (REST)",
    "limit": "the call has reached its longest time",
    "company": "the telephone company closes",
}
_SENTENCES: Mapping[type[heard.Event], Callable[[Line, Any], str]] = {
    heard.Ringing: lambda line, e: f"rings for {_seconds(e)}" if e.seconds >= 0.5 else "rings",
    heard.Said: _said,
    heard.Played: _played,
    heard.Silence: lambda line, e: f"silence {_seconds(e)}",
    heard.Prompt: _prompt,
    heard.Pressed: lambda line, e: f"presses {safe(e.digits)}",
    heard.Queued: lambda line, e: f"waits in the queue {safe(e.name)}",
    heard.LeftQueue: lambda line, e: f"leaves the queue ({safe(e.result)})",
    heard.Dialled: lambda line, e: f"{_who(line, e.target)}: {safe(e.outcome)} after {_seconds(e)}",
    heard.ConnectedTo: lambda line, e: f"is connected to {_who(line, e.target)}",
    heard.Recorded: lambda line, e: f"leaves a message of {_seconds(e)}",
    heard.Rejected: lambda line, e: "hears the busy tone" if e.reason == "busy" else "is refused",
    heard.HungUp: lambda line, e: _HUNG_UP.get(e.by, safe(e.by)),
    heard.Error: lambda line, e: f"ERROR {e.code or ''} {safe(e.message)}".replace("  ", " "),
}
