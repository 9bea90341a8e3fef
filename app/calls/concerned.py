"""Whom a call concerns: the operators who may be the next to speak with the caller."""

from collections.abc import Collection

from app.event_log.read_decision import decision_of
from models import CallRecord
from routing.actions import Connect, Menu, Queue
from routing.menu import MenuTarget, TargetKind
from routing.plan import RoutingPlan


def concerned_by(call: CallRecord, plan: RoutingPlan, rings: Collection[str]) -> frozenset[str]:
    """The ids of the operators who serve the queue in which the call waits, who are in its chain, or whose phones ring
    (``rings``) or who answered. While the caller is still choosing in a menu: all to whom its keys can lead."""
    concerned = set(rings)
    if call.answered_by:
        concerned.add(call.answered_by)
    action = decision_of(call).action
    if isinstance(action, Connect):
        concerned |= {leg.operator_id for leg in action.legs}
    if call.queue_id is not None:
        return frozenset(concerned | _who_serve({call.queue_id}, plan))
    match action:
        case Queue():
            concerned |= _who_serve({action.queue_id}, plan)
        case Menu():
            concerned |= _behind_menu(action.menu_id, call, plan)
        case _:
            pass
    return frozenset(concerned)


def _who_serve(queue_ids: Collection[str | None], plan: RoutingPlan) -> set[str]:
    """On a break or not: whoever is back before the caller gives up sees who waits."""
    return {one.leg.operator_id for one in plan.operators.values() if not one.queue_ids.isdisjoint(queue_ids)}


def _behind_menu(menu_id: str, call: CallRecord, plan: RoutingPlan) -> set[str]:
    """Everybody, when the menu is not there any more: then nobody can tell."""
    if menu_id not in plan.menus:
        return set(plan.operators)
    seen, queues, operators, line = {menu_id}, set[str | None](), set[str](), plan.lines.get(call.line_number)
    if line is not None:
        queues.add(plan.default_queue_id(line))  # wherever a menu ends without a choice
    open_menus = [menu_id]
    while open_menus:
        menu = plan.menus[open_menus.pop()]
        ways_out: list[MenuTarget] = [*menu.keys.values(), *([menu.otherwise] if menu.otherwise else [])]
        for target in ways_out:
            if target.kind is TargetKind.QUEUE:
                queues.add(target.id)
            elif target.kind is TargetKind.OPERATOR and target.id is not None:
                operators.add(target.id)
            elif target.kind is TargetKind.MENU and target.id and target.id in plan.menus and target.id not in seen:
                seen.add(target.id)
                open_menus.append(target.id)
    return _who_serve(queues, plan) | (operators & plan.operators.keys())
