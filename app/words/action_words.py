"""What a decision does with a caller, in words: for the log, for a test, and beside a trace."""

from typing import assert_never

from app.base.language import gettext as _
from app.event_log.stored_decision import StoredDecision
from app.providers.registry import PROVIDERS, capabilities_of
from filters.texts import recording_named
from routing.actions import Connect, FakeQueue, Menu, Message, Queue, Reject, RejectReason, RingOut, Voicemail
from routing.plan import RoutingPlan
from routing.reasons import ReasonCode


def action_words(decision: StoredDecision, plan: RoutingPlan | None, provider: str = "") -> str:
    """``Rings Martin; if nobody answers, waits at the front of the queue``: as far as the call's ``provider`` can do it, or
    that of its line. Queues and menus by the names that they have in ``plan``."""
    action = decision.action
    can = capabilities_of(provider if provider in PROVIDERS else _carrier(decision, plan))
    match action:
        case Connect():
            names = ", ".join(leg.name for leg in action.urgent or action.legs)
            if action.urgent:
                return _("Is asked whether it is urgent; if it is, rings %(names)s", names=names)
            if action.at_desk:
                return _("Rings %(names)s; if nobody answers, waits in the queue", names=names)
            return _("Rings %(names)s; if nobody answers, waits at the front of the queue", names=names)
        case Queue():
            name = queue_name(action.queue_id, plan)
            if action.pin is not None:
                return _("Is asked for the PIN; without it, waits in the queue “%(name)s”", name=name)
            return _("Waits in the queue “%(name)s”", name=name) if name else _("Waits for an operator")
        case FakeQueue():
            minutes = action.cap_seconds // 60
            return _("Held in the fake queue for at most %(minutes)s minutes; reaches nobody", minutes=minutes)
        case RingOut() if can.done_for(action.name) != action.name:
            return _("Hears the busy tone; the call is not answered")
        case Voicemail() if can.done_for(action.name) != action.name:
            return _("Hears an announcement")
        case RingOut():
            return _("Hears ringing for %(seconds)s seconds; nobody answers", seconds=action.seconds)
        case Menu():
            menu = plan.menus.get(action.menu_id) if plan else None
            return _("Hears the menu “%(name)s”", name=menu.name) if menu else _("Hears the menu")
        case Message():
            recording = plan.recordings.get(recording_named(action.text) or "") if plan else None
            if recording is not None:
                return _("Hears the recording “%(name)s”", name=recording.name)
            return _("Hears an announcement")
        case Voicemail():
            return _("Can leave a message")
        case Reject():
            if action.reason is RejectReason.BUSY:
                return _("Hears the busy tone; the call is not answered")
            return _("Is rejected; the call is not answered")
        case None:
            return _("Decided by another version of Antichambre")
        case _:
            assert_never(action)


def waits_apart(before: StoredDecision, after: StoredDecision, plan: RoutingPlan | None) -> tuple[str, str]:
    """What tells two decisions apart that do the same: the queue in which a caller waits, and the turn. Empty where these
    are the same. A queue that ``plan`` does not have goes by its id."""
    both = before.action, after.action
    queues = [one.queue_id if isinstance(one, Connect | Queue) else None for one in both]
    priorities = [one.priority if isinstance(one, Connect | Queue | Menu) else 0 for one in both]
    sides: list[list[str]] = [[], []]
    for side, queue_id, priority in zip(sides, queues, priorities, strict=True):
        if queues[0] != queues[1] and queue_id is not None:
            side.append(_("queue “%(name)s”", name=queue_name(queue_id, plan) or queue_id))
        if priorities[0] != priorities[1]:
            side.append(_("priority %(priority)s", priority=priority))
    return ", ".join(sides[0]), ", ".join(sides[1])


def _carrier(decision: StoredDecision, plan: RoutingPlan | None) -> str:
    line = plan.lines.get(decision.line.number) if plan is not None and decision.line is not None else None
    return line.provider if line is not None else ""


def queue_name(queue_id: str | None, plan: RoutingPlan | None) -> str:
    """The queue's name; empty when it is gone."""
    queue = plan.queues.get(queue_id or "") if plan else None
    return queue.name if queue else ""


def reason_title(code: ReasonCode) -> str:
    """A reason in one or two words."""
    match code:
        case ReasonCode.VIP:
            return _("VIP")
        case ReasonCode.VIP_UNCONFIRMED:
            return _("VIP, identity unconfirmed")
        case ReasonCode.BLACKLISTED:
            return _("Blacklisted")
        case ReasonCode.CATEGORY:
            return _("Category")
        case ReasonCode.RULE:
            return _("Rule")
        case ReasonCode.WITHHELD:
            return _("Number withheld")
        case ReasonCode.OWN_NUMBER:
            return _("Our own number")
        case ReasonCode.PROTECTED:
            return _("Protected number")
        case ReasonCode.CLOSED:
            return _("Closed")
        case ReasonCode.MENU:
            return _("Menu")
        case ReasonCode.QUEUE:
            return _("Line's queue")
        case ReasonCode.DEFAULT:
            return _("Default queue")
        case ReasonCode.UNKNOWN_LINE:
            return _("Unknown line")
        case ReasonCode.TOO_MANY_CALLS:
            return _("Too many calls")
        case ReasonCode.NOBODY_SERVES:
            return _("Nobody serves the queue")
        case ReasonCode.NOT_RECORDED:
            return _("Not recorded")
        case _:
            assert_never(code)
