"""``/settings/queues``: the queues, and what each one does with its callers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.company.queues import QUEUES
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.resource_pages import ResourcePages, Shown, named_rows, only_company, shown_spoken
from app.web.typed_form import TypedForm
from models import QueueRecord
from routing.overflow import Way
from routing.plan import RoutingPlan, Service

_NUMBERS = ("ring_seconds", "wrap_up_seconds", "max_wait_seconds", "max_waiting", "offer_callback_after_seconds")


@dataclass(frozen=True, slots=True)
class QueueSeen:
    """A queue in the list: how many operators serve it, how many of them are available, and who waits."""

    id: str
    name: str
    serve: int
    available: int
    waiting: int
    is_served: bool


class QueuePages(ResourcePages[QueueRecord]):
    """What a queue does otherwise is one field of the API and four of the form."""

    folder: ClassVar[str] = "settings_queues"

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[QueueSeen]:
        """By name, with what is going on in each."""
        plan = tenant.plan
        if plan is None:
            return []
        queues = sorted(plan.queues.values(), key=lambda one: (one.name.casefold(), one.id))
        return [_seen(board, plan, queue.id, queue.name) for queue in queues]

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """A new queue may be no more than its name."""
        fields: dict[str, object] = {"name": form.text("name")}
        if "ring" in form:
            fields["ring"] = form.text("ring")
        fields |= {name: form.whole(name) for name in _NUMBERS if name in form}
        if fields.get("wrap_up_seconds", 0) is None:
            fields["wrap_up_seconds"] = 0
        if "asks_satisfaction" in form:
            fields["asks_satisfaction"] = form.is_ticked("asks_satisfaction")
        fields["announcement"] = form.spoken("announcement")
        if "do" in form:
            fields["otherwise"] = _otherwise(form)
        return fields

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields."""
        if row is None:
            return {"name": "", "ring": "all", "do": Way.MESSAGE.value, "other": "", "number": ""}
        otherwise = row["otherwise"] or {}
        fields = {"name": row["name"], "ring": row["ring"], "do": otherwise.get("do", Way.MESSAGE.value)}
        fields |= {name: "" if row[name] is None else str(row[name]) for name in _NUMBERS}
        fields["asks_satisfaction"] = "1" if row["asks_satisfaction"] else ""
        fields |= {"other": otherwise.get("id") or "", "number": otherwise.get("number") or ""}
        language = only_company(tenant)["language"]
        fields |= shown_spoken("announcement", language, row["announcement"], row["announcements"] or {})
        return fields | {f"text_{code}": text for code, text in (otherwise.get("text") or {}).items()}

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> object:
        """The other queues."""
        others = named_rows(tenant, QueueRecord, "–")
        return [one for one in others if row is None or one[0] != row["id"]]


def _otherwise(form: TypedForm) -> Row:
    way = form.text("do")
    otherwise: Row = {"do": way, "text": form.spoken("text")}
    if way == Way.QUEUE:
        otherwise["id"] = form.text_or_none("other")
    if way == Way.NUMBER:
        otherwise["number"] = form.text("number")
    return otherwise


def _seen(board: Switchboard, plan: RoutingPlan, queue_id: str, name: str) -> QueueSeen:
    serve = sum(queue_id in one.queue_ids for one in plan.operators.values())
    available, waiting = len(plan.operators_of(queue_id)), board.open_calls.waiting_in(plan.tenant_id, queue_id)
    return QueueSeen(queue_id, name, serve, available, len(waiting), plan.service_of(queue_id) is Service.SERVED)


PAGES = QueuePages(QUEUES)
