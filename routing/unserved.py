"""Where callers would meet nobody: what a company's people should know before the first caller finds out."""

from collections.abc import Iterator
from typing import NamedTuple

from routing.dialling import AddressFault, fault_of
from routing.menu import TargetKind
from routing.overflow import TO_SOMEBODY
from routing.plan import Line, Operator, RoutingPlan, Service


class Unserved(NamedTuple):
    """Callers of the ``line`` (its label, or its number) come to the ``queue`` (its name; empty where there is none), which
    nobody serves: ``service`` says why."""

    line: str
    queue: str
    service: Service


class NotRung(NamedTuple):
    """The operator of this ``name`` is never rung: the address is none that may be."""

    name: str
    address: str
    fault: AddressFault


def unserved_lines(plan: RoutingPlan) -> list[Unserved]:
    """The lines that lead to a queue which nobody serves, each with every such queue."""
    return [one for line in sorted(plan.lines.values(), key=lambda one: one.number) for one in _unserved(plan, line)]


def unserved_line(plan: RoutingPlan, called: str) -> list[Unserved]:
    """The same of the line with the number ``called``."""
    line = plan.lines.get(called)
    return [] if line is None else [*_unserved(plan, line)]


def _unserved(plan: RoutingPlan, line: Line) -> Iterator[Unserved]:
    for queue_id in dict.fromkeys(_queues_of(plan, line)):
        service = plan.service_of(queue_id) if queue_id is not None else Service.NOBODY
        if service is not Service.SERVED and plan.overflow_of(queue_id or "").way not in TO_SOMEBODY:
            queue = plan.queues.get(queue_id or "")
            yield Unserved(line.label or line.number, queue.name if queue else "", service)


def never_rung(plan: RoutingPlan) -> list[NotRung]:
    """The operators whose addresses may not be rung: saved before that was asked, or before a country was taken back."""

    def order(one: Operator) -> tuple[int, str]:
        return one.position, one.leg.operator_id

    return [
        NotRung(one.leg.name, one.leg.address, fault)
        for one in sorted(plan.operators.values(), key=order)
        if (fault := fault_of(one.leg.address, plan.countries)) is not None
    ]


def _queues_of(plan: RoutingPlan, line: Line) -> Iterator[str | None]:
    """The queues that callers of a line come to: through its menu and those below, and by pressing nothing."""
    ahead, seen = [line.menu_id], set[str]()
    while ahead:
        menu_id = ahead.pop()
        menu = plan.menus.get(menu_id or "")
        if menu is None or menu.id in seen:
            continue
        seen.add(menu.id)
        for target in (*menu.keys.values(), *([menu.otherwise] if menu.otherwise else [])):
            if target.kind is TargetKind.MENU:
                ahead.append(target.id)
            elif target.kind is TargetKind.QUEUE and target.id in plan.queues:
                yield target.id
        if menu.otherwise is None:
            yield plan.default_queue_id(line)
    if not seen:
        yield plan.default_queue_id(line)
