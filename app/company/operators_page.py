"""``/settings/operators``: who takes calls, and where they are rung."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.calls.operator_now import operators_now
from app.company.operators import OPERATORS
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.resource_pages import ResourcePages, Shown, named_rows
from app.web.typed_form import TypedForm
from app.words.number_words import grouped
from app.words.presence_words import presence_words
from models import OperatorRecord, QueueRecord
from routing.presence import PresenceState

_TICKS = ("management", "quiet_unless_urgent", "confirm")


@dataclass(frozen=True, slots=True)
class OperatorSeen:
    """An operator in the list."""

    id: str
    name: str
    address: str
    management: bool
    queues: list[str]
    presence: str


class OperatorPages(ResourcePages[OperatorRecord]):
    """Presence is not edited here: it is everybody's own, and on the panel."""

    folder: ClassVar[str] = "settings_operators"

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[OperatorSeen]:
        """Management first, then by position and name, which is the order in which they are rung."""
        queues = {row["id"]: str(row["name"]) for row in tenant.rows[QueueRecord.__tablename__].values()}
        plan = tenant.plan
        now = (
            {one.operator_id: one.state for one in operators_now(plan, board.open_calls, board.clock())} if plan else {}
        )
        rows = sorted(
            tenant.rows[self.table].values(),
            key=lambda one: (not one["management"], one["position"], str(one["name"]).casefold()),
        )
        return [
            OperatorSeen(
                row["id"], row["name"], grouped(row["address"]), row["management"],
                [queues[one] for one in row["queue_ids"] if one in queues],
                presence_words(now.get(row["id"], PresenceState(row["presence"]))),
            )
            for row in rows
        ]  # fmt: skip

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """What the form has."""
        fields: dict[str, object] = {name: form.text(name) for name in ("name", "address") if name in form}
        fields |= {name: form.is_ticked(name) for name in _TICKS if name in form}
        if "queue_ids" in form:
            fields["queue_ids"] = form.chosen("queue_ids")
        if "quiet_hours" in form:
            fields["quiet_hours"] = form.text_or_none("quiet_hours")
        if "position" in form:
            fields["position"] = form.whole("position") or 0
        if "ring_seconds" in form and (seconds := form.whole("ring_seconds")) is not None:
            fields["ring_seconds"] = seconds
        return fields

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields; a new operator serves every queue."""
        if row is None:
            return {"queue_ids": [*tenant.rows[QueueRecord.__tablename__]], "position": "0", "ring_seconds": "20"}
        fields: dict[str, str | Sequence[str]] = {name: row[name] or "" for name in ("name", "address", "quiet_hours")}
        fields |= {name: str(row[name]) for name in ("position", "ring_seconds")}
        return fields | {name: "1" if row[name] else "" for name in _TICKS} | {"queue_ids": list(row["queue_ids"])}

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> object:
        """The queues."""
        return named_rows(tenant, QueueRecord)


PAGES = OperatorPages(OPERATORS)
