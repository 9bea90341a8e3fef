"""What is heard and done on a line, as a sentence each: a transcript for whoever has no sound, or does not want any."""

from collections.abc import Callable

from app.base.language import gettext as _
from app.base.language import ngettext
from simulator import (
    ConnectedTo,
    Dialled,
    Error,
    Event,
    HungUp,
    LeftQueue,
    Played,
    Pressed,
    Prompt,
    Queued,
    Rejected,
    Ringing,
    Said,
    Silence,
)


def heard_in_words(event: Event, name_of: Callable[[str], str]) -> dict[str, object] | None:
    """``{"kind", "words", …}`` as :file:`static/booth.js` reads it; None for what says nothing to people. ``name_of`` gives
    the name of who has an address."""
    match event:
        case Said():
            return {"kind": "said", "words": event.text, "language": event.language or "en"}
        case Played():
            return {"kind": "played", "words": _("Music"), "url": event.url}
        case Silence():
            return {"kind": "silence", "words": _("Silence on the line")}
        case Ringing():
            return {"kind": "ringing", "words": _("Ringing tone")}
        case Prompt():
            return {"kind": "prompt", "words": _("Waiting for a key")}
        case Pressed():
            return {"kind": "pressed", "words": _("Presses %(keys)s", keys=event.digits)}
        case Queued():
            return {"kind": "queued", "words": _("In the queue “%(queue)s”", queue=event.name)}
        case LeftQueue():
            return {"kind": "left", "words": _("Out of the queue")}
        case Dialled():
            return {"kind": "dialled", "words": _dialled(event, name_of(event.target))}
        case ConnectedTo():
            return {"kind": "connected", "words": _("Talks with %(name)s", name=name_of(event.target))}
        case Rejected():
            busy = event.reason == "busy"
            return {"kind": "rejected", "words": _("Busy tone") if busy else _("Call rejected")}
        case HungUp():
            return {"kind": "hung-up", "words": _ended(event.by)}
        case Error():
            return {"kind": "error", "words": _("Error in the service: %(what)s", what=event.message)}
        case _:
            return None


def _dialled(event: Dialled, name: str) -> str:
    seconds = round(event.seconds)
    match event.outcome:
        case "answered":
            return ngettext(
                "%(name)s answers after %(num)s second", "%(name)s answers after %(num)s seconds", seconds, name=name
            )
        case "busy":
            return _("%(name)s is busy", name=name)
        case "no-answer":
            return ngettext(
                "%(name)s did not answer in %(num)s second",
                "%(name)s did not answer in %(num)s seconds",
                seconds,
                name=name,
            )
        case _:
            return _("%(name)s stops ringing", name=name)


def _ended(by: str) -> str:
    match by:
        case "caller":
            return _("The caller hangs up")
        case "callee":
            return _("The person called hangs up")
        case "limit":
            return _("The call has reached its maximum length")
        case "company":
            return _("The booth is closed")
        case _:
            return _("The service ends the call")
