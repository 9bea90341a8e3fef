"""``/audit``: who changed what, and when."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.web.resource import Wanted, list_rows, resource
from app.web.schema import Page
from models import AuditEntry

router = resource("audit", "Who changed what, and when.", read=Role.ADMIN)


class AuditOut(BaseModel):
    """A change."""

    id: str
    at: datetime
    actor: str = Field(examples=["user:adam@example.org"])
    act: str = Field(examples=["change"])
    subject: str = Field(description="The table.", examples=["vip_entry"])
    row_id: str
    before: dict[str, object] | None = Field(description="The whole row; null: it is new.")
    after: dict[str, object] | None = Field(description="The whole row; null: it was deleted.")


@router.get("")
async def list_audit(
    board: Board,
    who: Who,
    page: Wanted,
    subject: Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$", description="Only of this table.")] = None,
    row_id: Annotated[str | None, Query(pattern=r"^[0-9a-z]{1,40}$", description="Only of this row.")] = None,
) -> Page[AuditOut]:
    """The audit trail, the newest first."""
    conditions: list[ColumnElement[bool]] = []
    if subject is not None:
        conditions.append(AuditEntry.subject == subject)
    if row_id is not None:
        conditions.append(AuditEntry.row_id == row_id)
    return await list_rows(board, who, AuditEntry, page, AuditOut.model_validate, *conditions)
