"""What a decision does with a caller, in words: for the log, for a test, and beside a trace."""

from typing import Any

from app.base.language import gettext as _
from routing.actions import Connect, FakeQueue, Menu, Message, Queue, Reject, RejectReason, RingOut, Voicemail
from routing.plan import RoutingPlan
from routing.reasons import ReasonCode


def action_words(decision: dict[str, Any], plan: RoutingPlan | None) -> str:
    """A stored or explained decision in one sentence: ``Rings Martin, then waits at the front of the queue.``"""
    detail = decision["detail"]
    match decision["action"]:
        case Connect.name:
            names = ", ".join(leg["name"] for leg in detail["legs"])
            return _("Rings %(names)s; if nobody answers, waits at the front of the queue", names=names)
        case Queue.name:
            name = queue_name(detail["queue_id"], plan)
            return _("Waits for an operator of the queue “%(name)s”", name=name) if name else _("Waits for an operator")
        case FakeQueue.name:
            minutes = int(detail["cap_seconds"]) // 60
            return _("Waits in the fake queue, for at most %(minutes)s minutes, and reaches nobody", minutes=minutes)
        case RingOut.name:
            return _("Hears it ring for %(seconds)s seconds, and nobody answers", seconds=detail["seconds"])
        case Menu.name:
            menu = plan.menus.get(detail["menu_id"]) if plan else None
            return _("Hears the menu “%(name)s”", name=menu.name) if menu else _("Hears the menu")
        case Message.name:
            return _("Hears an announcement")
        case Voicemail.name:
            return _("May leave a message")
        case Reject.name if detail.get("reason") == RejectReason.BUSY:
            return _("Hears the busy tone; the call is not answered")
        case _:
            return _("Is refused; the call is not answered")


def queue_name(queue_id: str | None, plan: RoutingPlan | None) -> str:
    """The queue's name; empty when it is gone."""
    queue = plan.queues.get(queue_id or "") if plan else None
    return queue.name if queue else ""


def reason_words(code: str) -> str:
    """A reason code as one or two words."""
    match code:
        case ReasonCode.VIP:
            return _("VIP")
        case ReasonCode.VIP_UNCONFIRMED:
            return _("VIP, identity unconfirmed")
        case ReasonCode.BLACKLISTED:
            return _("Blacklisted")
        case ReasonCode.CATEGORY:
            return _("Category")
        case ReasonCode.WITHHELD:
            return _("Number withheld")
        case ReasonCode.OWN_NUMBER:
            return _("Our own number")
        case ReasonCode.PROTECTED:
            return _("Protected number")
        case ReasonCode.RULE:
            return _("Rule")
        case ReasonCode.CLOSED:
            return _("Closed")
        case ReasonCode.MENU:
            return _("Menu")
        case ReasonCode.QUEUE:
            return _("Queue of the line")
        case ReasonCode.UNKNOWN_LINE:
            return _("Unknown line")
        case _:
            return _("Nothing special")
