"""Where callers would meet nobody: what a company's people should know before the first caller finds out."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from filters.category import Category
from routing.dialling import AddressFault, fault_of
from routing.menu import TargetKind
from routing.overflow import TO_SOMEBODY
from routing.plan import Line, Operator, RoutingPlan, Service
from routing.rules import Rule, RuleAction, RuleState


class Unserved(NamedTuple):
    """Callers of the ``line`` (its label, or its number) come to the ``queue`` (its name; empty where there is none), which
    nobody serves: ``service`` says why. In place of a line it may be whom the company's own ``rule`` means, or the clients
    of a ``category`` (by their names)."""

    line: str
    queue: str
    service: Service
    rule: str = ""
    category: str = ""


class NotRung(NamedTuple):
    """The operator of this ``name`` is never rung: the address is none that may be."""

    name: str
    address: str
    fault: AddressFault


def unserved_lines(plan: RoutingPlan) -> list[Unserved]:
    """The lines that lead to a queue which nobody serves, each with every such queue; then the categories and rules that
    lead to another one."""
    return _unserved(plan, sorted(plan.lines.values(), key=lambda one: one.number))


def unserved_line(plan: RoutingPlan, called: str) -> list[Unserved]:
    """The same of the line with the number ``called``."""
    line = plan.lines.get(called)
    return [] if line is None else _unserved(plan, [line])


def unserved_of_category(plan: RoutingPlan, category: Category, lines: Collection[Line]) -> dict[str | None, Unserved]:
    """The queues (ids) that nobody serves and that the clients of the category come to when they call one of ``lines``."""
    if category.treatment is not None:
        return {}
    if category.menu_id in plan.menus:
        queues = [*_behind_menu(plan, category.menu_id, lines)]
    else:
        queues = [category.queue_id] if category.queue_id in plan.queues else []
    return _served_by_nobody(plan, queues, Unserved("", "", Service.NOBODY, category=category.name))


def unserved_of_rule(plan: RoutingPlan, rule: Rule, lines: Collection[Line]) -> dict[str | None, Unserved]:
    """The queues (ids) that nobody serves and that an active rule sends callers of ``lines`` to."""
    if rule.state is not RuleState.ACTIVE:
        return {}
    meant = [one for one in lines if rule.when.line_id in ("", one.id)]
    queues: list[str | None] = []
    match rule.action:
        case RuleAction.MENU:
            queues = [*_behind_menu(plan, rule.menu_id, meant)]
        case RuleAction.QUEUE | RuleAction.CONNECT:
            queues = [rule.queue_id or plan.default_queue_id(one) for one in meant]
        case _:
            pass
    there = [one for one in queues if one in plan.queues]
    return _served_by_nobody(plan, there, Unserved("", "", Service.NOBODY, rule=rule.name))


def _unserved(plan: RoutingPlan, lines: Collection[Line]) -> list[Unserved]:
    beyond = {line.number: plan.beyond(line.number) for line in lines}
    if plan.queues and not any(beyond.values()) and all(plan.service_of(one) is Service.SERVED for one in plan.queues):
        return []
    found: list[Unserved] = []
    told = set[str | None]()
    for line in lines:
        whose = Unserved(line.label or line.number, "", Service.NOBODY)
        of_line = _served_by_nobody(plan, queues_of(plan, line), whose, beyond[line.number])
        found += of_line.values()
        told |= of_line.keys()
    of_some = [
        *(unserved_of_category(plan, one, lines) for one in sorted(plan.categories.values(), key=lambda one: one.name)),
        *(unserved_of_rule(plan, one, lines) for one in plan.rules.asked),
    ]
    return found + [one for each in of_some for queue_id, one in each.items() if queue_id not in told]


def _served_by_nobody(
    plan: RoutingPlan, queue_ids: Iterable[str | None], whose: Unserved, beyond: frozenset[str] = frozenset()
) -> dict[str | None, Unserved]:  # fmt: skip
    """``beyond`` are the operators (ids) whom the line's provider cannot ring."""
    found: dict[str | None, Unserved] = {}
    for queue_id in dict.fromkeys(queue_ids):
        service = plan.service_of(queue_id, beyond) if queue_id is not None else Service.NOBODY
        if service is Service.NOBODY and beyond and plan.service_of(queue_id or "") is not Service.NOBODY:
            service = Service.BEYOND
        if service is not Service.SERVED and plan.overflow_of(queue_id or "", beyond).way not in TO_SOMEBODY:
            queue = plan.queues.get(queue_id or "")
            found[queue_id] = whose._replace(queue=queue.name if queue else "", service=service)
    return found


def never_rung(plan: RoutingPlan) -> list[NotRung]:
    """The operators whose addresses may not be rung: saved before that was asked, or before a country was taken back."""

    def order(one: Operator) -> tuple[int, str]:
        return one.position, one.leg.operator_id

    return [
        NotRung(one.leg.name, one.leg.address, fault)
        for one in sorted(plan.operators.values(), key=order)
        if (fault := fault_of(one.leg.address, plan.countries)) is not None
    ]


def queues_of(plan: RoutingPlan, line: Line) -> Iterator[str | None]:
    """The queues that callers of a line come to: through its menu and those below, and by pressing nothing."""
    if line.menu_id in plan.menus:
        yield from _behind_menu(plan, line.menu_id, [line])
    else:
        yield plan.default_queue_id(line)


def _behind_menu(plan: RoutingPlan, menu_id: str | None, lines: Collection[Line]) -> Iterator[str | None]:
    """The queues that a menu and those below lead to; without a key, those of ``lines``."""
    ahead, seen = [menu_id], set[str]()
    while ahead:
        menu = plan.menus.get(ahead.pop() or "")
        if menu is None or menu.id in seen:
            continue
        seen.add(menu.id)
        for target in (*menu.keys.values(), *([menu.otherwise] if menu.otherwise else [])):
            if target.kind is TargetKind.MENU:
                ahead.append(target.id)
            elif target.kind is TargetKind.QUEUE and target.id in plan.queues:
                yield target.id
            elif target.kind is TargetKind.OPERATOR:  # who does not answer, or may not be rung
                yield from map(plan.default_queue_id, lines)
        if menu.otherwise is None:
            yield from map(plan.default_queue_id, lines)
