"""Key presses and silences in IVR menus."""

from app.answering.steps.moment import Moment
from app.event_log.records import FactKind
from routing.actions import Phrase, Queue
from routing.menu import Again, GiveUp, MenuTarget, TargetKind, after_key
from routing.step import StepKind


async def menu_key(moment: Moment) -> str:
    """A key, or silence, in a menu."""
    menu = moment.plan.menus.get(moment.step.target)
    if menu is None:
        return await to_default_queue(moment)
    digits = moment.webhook.digits if moment.step.kind is StepKind.MENU_KEY else ""
    outcome = after_key(menu, digits, moment.step.count)
    if isinstance(outcome, Again):
        return moment.render.menu(menu.id, tries=outcome.tries, priority=moment.step.priority, miss=outcome.miss)
    if isinstance(outcome, GiveUp):
        return await to_default_queue(moment)
    if digits in menu.keys:
        choice = f"{digits} {outcome.label}".strip()
        await moment.record(FactKind.MENU, {"menu": menu.name, "choice": choice}, menu.id, digits)
    return await _to_target(moment, outcome)


async def _to_target(moment: Moment, target: MenuTarget) -> str:
    plan, render, priority = moment.plan, moment.render, moment.step.priority
    match target.kind:
        case TargetKind.MENU if target.id and target.id in plan.menus:
            return render.menu(target.id, priority=priority)
        case TargetKind.QUEUE if target.id and target.id in plan.queues:
            return render.queue(target.id, priority)
        case TargetKind.OPERATOR if target.id and target.id in plan.operators:
            queue_id = plan.default_queue_id(plan.lines[moment.step.line]) if moment.step.line in plan.lines else None
            return render.leg((plan.operators[target.id].leg,), 0, queue_id, priority)
        case TargetKind.MESSAGE:
            return render.message(Phrase.GOODBYE, target.text)
        case TargetKind.VOICEMAIL:
            return render.message(Phrase.VOICEMAIL, target.text)
        case TargetKind.HANG_UP:
            return render.message(Phrase.GOODBYE)
        case _:
            return await to_default_queue(moment)


async def to_default_queue(moment: Moment) -> str:
    """Wherever nothing else fits: the line's queue."""
    line = moment.plan.lines.get(moment.step.line)
    queue_id = moment.plan.default_queue_id(line) if line else None
    if queue_id is None:
        return moment.render.message(Phrase.APOLOGY)
    return moment.render.action(Queue(queue_id, moment.step.priority))
