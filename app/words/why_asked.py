"""Why the service was asked what to do with a call."""

from app.base.language import gettext as _
from routing.plan import RoutingPlan
from routing.step import Step, StepKind


def why_asked(step: Step, plan: RoutingPlan, keys: str, *, over: bool) -> str:
    """In a running call: what happened that leads to ``step``. ``keys`` are those that were pressed, ``over`` is whether
    a talk is."""
    operator = plan.operators.get(step.target)
    name = operator.leg.name if operator else ""
    match step.kind:
        case StepKind.FAKE_QUEUE:
            return _("Fake queue, round %(round)s", round=step.count + 1)
        case StepKind.MENU_KEY:
            return _("Key %(key)s in the menu “%(menu)s”", key=keys, menu=_menu(step.target, plan))
        case StepKind.MENU_SILENCE:
            return _("No key in the menu “%(menu)s”", menu=_menu(step.target, plan))
        case StepKind.PIN_KEYS:
            return _("A PIN was keyed in")
        case StepKind.PIN_SILENCE:
            return _("No PIN was keyed in")
        case StepKind.URGENT_KEY:
            return _("Key %(key)s when asked whether it is urgent", key=keys)
        case StepKind.URGENT_SILENCE:
            return _("No key when asked whether it is urgent")
        case StepKind.CONFIRM:
            return _("%(name)s answers and is asked to confirm", name=name)
        case StepKind.CONFIRM_KEY:
            return _("%(name)s pressed %(key)s", name=name, key=keys or "–")
        case StepKind.WAIT:
            return _("Waiting in the queue “%(queue)s”", queue=_queue(step.target, plan))
        case StepKind.WAIT_KEY:
            return _("Pressed %(key)s while waiting", key=keys)
        case StepKind.LEFT_QUEUE if over:
            return _("The call leaves the queue “%(queue)s”", queue=_queue(step.target, plan))
        case StepKind.LEFT_QUEUE:
            return _("First in the queue, and an operator is free")
        case StepKind.RATED:
            return _("Key %(key)s when asked how satisfied", key=keys)
        case StepKind.RECORDED:
            return _("The caller has left a message")
        case StepKind.DICTATE | StepKind.DICTATED:
            return _("A recording is spoken by telephone")
        case StepKind.CALL_BACK:
            return _("Whoever calls back has picked up")
        case StepKind.OFFERED:
            return _("Somebody has become free")
        case StepKind.MOVE:
            return _("Somebody has sent the call elsewhere")
        case StepKind.HELD | StepKind.WORD_WAIT:
            return _("On hold while somebody is asked first")
        case StepKind.WORD | StepKind.WORD_ANSWER:
            return _("Somebody is asked before the call is transferred")
        case StepKind.UNHELD | StepKind.WORD_LEFT | StepKind.WORD_TALKED | StepKind.REJOINED:
            return _("The call is no longer on hold")
        case StepKind.LEG_DONE | StepKind.OPERATOR_DONE | StepKind.MOVE_DONE | StepKind.CALLED_BACK:
            return _("The conversation has ended") if over else _("Nobody answered")


def _menu(menu_id: str, plan: RoutingPlan) -> str:
    menu = plan.menus.get(menu_id)
    return menu.name if menu else menu_id


def _queue(queue_id: str, plan: RoutingPlan) -> str:
    queue = plan.queues.get(queue_id)
    return queue.name if queue else queue_id
