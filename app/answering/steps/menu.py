"""Key presses and silences in IVR menus."""

from app.answering.answers import Answer
from app.answering.steps.moment import Moment
from app.answering.steps.ringing import ring_in_turn
from app.event_log.records import FactKind
from filters.texts import Said, said_in
from routing.actions import Phrase, Queue
from routing.menu import MOST_PLAYS, Again, GiveUp, GoOnListening, MenuTarget, TargetKind, after_key, key_of
from routing.step import Chain, StepKind


async def menu_key(moment: Moment) -> Answer:
    """A key, the beginning of one, or silence, in a menu."""
    step, menu = moment.step, moment.plan.menus.get(moment.step.target)
    if menu is None:
        return await to_default_queue(moment)
    over = step.kind is StepKind.MENU_SILENCE
    pressed = step.pressed + ("" if over else moment.report.keys)
    key = key_of(menu, pressed, over=over)
    if isinstance(key, GoOnListening):
        return moment.build.rest_of_key(step, key)
    digits = key or pressed
    outcome = after_key(menu, digits, step.count)
    if isinstance(outcome, Again) and step.plays < MOST_PLAYS:
        return moment.build.menu(menu.id, tries=outcome.tries, priority=step.priority, miss=outcome.miss)
    if isinstance(outcome, Again | GiveUp):
        return await to_default_queue(moment)
    if digits in menu.keys:
        choice = f"{digits} {outcome.label}".strip()
        await moment.record(FactKind.MENU, {"menu": menu.name, "choice": choice}, menu.id, digits)
    return await _to_target(moment, outcome)


async def _to_target(moment: Moment, target: MenuTarget) -> Answer:
    plan, build, priority = moment.plan, moment.build, moment.step.priority
    match target.kind:
        case TargetKind.MENU if target.id and target.id in plan.menus and moment.step.plays < MOST_PLAYS:
            return build.menu(target.id, priority=priority)
        case TargetKind.QUEUE if target.id and target.id in plan.queues:
            return build.queue(target.id, priority)
        case TargetKind.OPERATOR if leg := plan.leg_behind_key(target.id, moment.call.not_rung):
            queue_id = plan.default_queue_id(plan.lines[moment.step.line]) if moment.step.line in plan.lines else None
            return await ring_in_turn(moment, (leg,), 0, queue_id, priority, Chain.ONE)
        case TargetKind.MESSAGE:
            return build.message(Phrase.GOODBYE, _text(target, moment))
        case TargetKind.VOICEMAIL:
            return build.voicemail(_text(target, moment))
        case TargetKind.HANG_UP:
            return build.message(Phrase.GOODBYE)
        case _:
            return await to_default_queue(moment)


async def to_default_queue(moment: Moment) -> Answer:
    """Wherever nothing else fits: the line's queue."""
    line = moment.plan.lines.get(moment.step.line)
    queue_id = moment.plan.default_queue_id(line) if line else None
    if queue_id is None:
        return moment.build.message(Phrase.APOLOGY)
    return moment.build.action(Queue(queue_id, moment.step.priority))


def _text(target: MenuTarget, moment: Moment) -> Said:
    """What the company has written for a key is in its own language."""
    return said_in({moment.plan.language: target.text}, moment.build.language)
