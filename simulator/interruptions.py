"""What can break into a running document: raised wherever the line is waiting."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.bridge import Bridge


class Interruption(Exception):
    """The line's document can't simply go on."""


@dataclass(eq=False)
class LineHungUp(Interruption):
    """This line is gone: the caller or callee put down the phone, or the REST API or the limit ended it.

    `status` is the final CallStatus where it is not what answering or not answering gives.
    """

    by: str
    status: str | None = None


@dataclass(eq=False)
class Redirected(Interruption):
    """The REST API gave the line a new document, at `url` or inline."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""


@dataclass(eq=False)
class Dequeued(Interruption):
    """Another call's <Dial><Queue> takes this waiting line out of its queue."""

    bridge: Bridge = field(repr=False)


class WaitedLongEnough(Interruption):
    """The longest time in its queue has passed (Telnyx's maxWaitTimeSecs)."""


class KeyPressedEarly(Interruption):
    """A key was pressed while a <Gather> was still speaking: the prompt stops."""
