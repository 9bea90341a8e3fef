"""``/fallback``: the static document for the provider's console, and whether the one that is there is out of date."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Query
from pydantic import BaseModel, Field

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.base import limits
from app.company.fallback_document import fingerprint
from app.company.fallback_exports import FallbackState, export_fallback, fallback_state
from app.web.resource import resource
from app.web.schema import Input, LineReference
from app.words.problems.fallback import out_of_date_words
from models import Company

router = resource("fallback", "The static document for the provider's console.", read=Role.ADMIN)

# A company without a line has no document. What a 404 says is described with all the others.
_NO_LINE: Final[dict[int | str, dict[str, object]]] = {404: {}}
LineQuery = Annotated[
    str | None,
    Query(max_length=limits.LINE_NUMBER, description="A line's id or number; the oldest line when left out."),
]


class ExportIn(Input):
    """Which line's document was taken away."""

    line: LineReference | None = Field(
        None, description="A line's id or number; the oldest line when left out.", examples=["+33199001000"]
    )


class FallbackOut(BaseModel):
    """A line's fallback document as it would be exported now."""

    line: str = Field(examples=["+33199001000"])
    document: str = Field(description="TwiML for a TwiML Bin, or for a file on any web server.")
    fingerprint: str = Field(description="SHA-256 of the document.")
    exported_at: datetime | None = Field(description="When one was exported last; null: never.")
    exported_by: str | None = Field(examples=["user:adam@example.org"])
    out_of_date: bool = Field(description="Whether the provider's console should get this one.")
    why: list[str] = Field(description="What has changed since.", examples=[["the opening hours changed"]])


@router.get("", responses=_NO_LINE)
async def get_fallback(board: Board, who: Who, line: LineQuery = None) -> FallbackOut:
    """The document, when it was exported last, and what has changed since. It cannot filter: VIPs and blacklisted callers
    are all the same to it."""
    async with board.sessions() as session:
        return _shown(await fallback_state(session, who.tenant_id, line))


@router.post("/exports", status_code=201, responses=_NO_LINE)
async def create_fallback_export(board: Board, who: Who, form: ExportIn) -> FallbackOut:
    """Record that the document as it is now has been put into the provider's console."""
    async with board.sessions() as session, session.begin():
        company = await session.get_one(Company, who.tenant_id)
        return _shown(await export_fallback(session, company, form.line, who.actor, board.clock()))


def _shown(state: FallbackState) -> FallbackOut:
    return FallbackOut(
        line=state.line.number, document=state.document, fingerprint=fingerprint(state.document),
        exported_at=state.exported_at, exported_by=state.exported_by, out_of_date=state.out_of_date,
        why=[out_of_date_words(one) for one in state.why],
    )  # fmt: skip
