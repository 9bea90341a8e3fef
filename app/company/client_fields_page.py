"""``/settings/client-fields``: fields of the company's own on its clients' cards."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.clients.own_fields import FieldKind, own_fields_of
from app.company.client_fields import CLIENT_FIELDS
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.resource_pages import ResourcePages, Shown
from app.web.typed_form import TypedForm
from app.words.client_words import field_kind_words
from models import ClientCard, ClientField


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """A field in the list, with what it holds in words, and how many clients have something there."""

    id: str
    name: str
    holds: str
    clients: int


class ClientFieldPages(ResourcePages[ClientField]):
    """Choices are typed a line each."""

    folder: ClassVar[str] = "settings_client_fields"
    is_rehearsed: ClassVar[bool] = False

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[FieldSeen]:
        """In the order of the card."""
        rows = tenant.rows[ClientCard.__tablename__].values()
        filled = Counter(field_id for row in rows for field_id in row.get("fields", ()))
        return [
            FieldSeen(one.id, one.name, field_kind_words(one.kind.value, one.choices), filled[one.id])
            for one in own_fields_of(tenant)
        ]

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """The choices count only for a field that has some."""
        kind = form.text("kind")
        lines = form.text("choices").splitlines() if kind == FieldKind.CHOICE else []
        return {
            "name": form.text("name"), "kind": kind, "choices": [line.strip() for line in lines if line.strip()],
            "position": form.whole("position") or 0,
        }  # fmt: skip

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields."""
        if row is None:
            return {"kind": FieldKind.TEXT.value, "position": str(len(tenant.rows[self.table]))}
        fields = {"name": row["name"], "kind": row["kind"], "position": str(row["position"])}
        return fields | {"choices": "\n".join(row["choices"])}

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> list[tuple[str, str]]:
        """What a field can hold."""
        return [(kind.value, field_kind_words(kind.value)) for kind in FieldKind]


PAGES = ClientFieldPages(CLIENT_FIELDS)
