"""``/configuration``: the company's whole set-up as one YAML document, and all versions of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final

from fastapi import Path, Query, Request, Response
from pydantic import Field

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.company.configuration.apply import Applied
from app.company.configuration.edit_configuration import (
    Editing,
    Kept,
    Outcome,
    apply_text,
    configuration_now,
    configuration_then,
    difference_between,
    restore,
)
from app.company.configuration.told import changes_of
from app.edits.confirmed_edit import confirmed_edit
from app.plan.rows import Row
from app.switchboard import Switchboard
from app.web.resource import Wanted, list_rows, resource
from app.web.schema import Output, Page
from models import ConfigurationVersion

router = resource(
    "configuration", "The company's whole set-up as one YAML document, and every version of it.", read=Role.ADMIN
)

MEDIA: Final = "text/yaml"
"""One of YAML's registered types (RFC 9512) that generated clients can read."""
VERSION_HEADER: Final = "Antichambre-Configuration-Version"
_TEXT: Final[dict[str, object]] = {"schema": {"type": "string"}, "example": "queues:\n  Orders:\n    max_waiting: 20\n"}
_FILE: Final[dict[str, object]] = {"schema": {"type": "string", "format": "binary"}}
_ANSWERS_TEXT: Final[dict[int | str, dict[str, object]]] = {
    200: {
        "description": "The document.",
        "content": {MEDIA: _TEXT},
        "headers": {VERSION_HEADER: {"description": "The number of its version.", "schema": {"type": "integer"}}},
    }
}
_ANSWERS_DIFFERENCE: Final[dict[int | str, dict[str, object]]] = {
    200: {"description": "The difference.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
_TAKES_TEXT: Final[dict[str, object]] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _FILE}}
}
"""Taken whatever type it is said to have; described as the one that generated clients can send."""

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The version.", examples=[12])]
DryRun = Annotated[bool, Query(description="Only say what would change.")]
Expected = Annotated[
    int | None,
    Query(
        ge=0, le=2**31 - 1,
        description="The version that was looked at; 409 `changed-meanwhile` if there is a newer one.",
    ),
]  # fmt: skip

Since = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The other version; the one before when left out.")]


class ChangeOut(Output):
    """A change at one place of the document."""

    path: str = Field(examples=["queues.Orders"])
    act: str = Field(description="`add`, `change` or `delete`.", examples=["change"])
    fields: list[str] = Field(description="What of it has changed.", examples=[["max_waiting"]])


class OutcomeOut(Output):
    """What applying a document has changed, or would change."""

    changes: list[ChangeOut]
    difference: str = Field(description="Line by line, in the unified form.")
    version: int = Field(description="The configuration's version now.")
    dry_run: bool


class VersionOut(Output):
    """A version of the configuration."""

    number: int
    created_at: datetime = Field(description="RFC 3339, UTC.")
    actor: str = Field(examples=["user:adam@example.org"])
    occasion: str = Field(description="What led to it, if anything special.", examples=["back to 3"])
    changes: list[ChangeOut]


@router.get("", response_class=Response, responses=_ANSWERS_TEXT)
async def get_configuration(board: Board, who: Who) -> Response:
    """The document as it is now. What is in it: the company, its own texts, lines, hours, holidays, menus, queues, operators
    and categories. Lists, clients, accounts, users and secrets are not."""
    return await _answer(await configuration_now(board.sessions, who.tenant_id))


@router.put("", openapi_extra=_TAKES_TEXT)
async def replace_configuration(
    request: Request, board: Board, who: Who, response: Response, dry_run: DryRun = False, version: Expected = None
) -> OutcomeOut:
    """Make the company's set-up what the document says, all of it or nothing. What is left out has its default; a section
    that is left out stays as it is; what stands in none of the sections goes. Names that the document does not know are
    refused with their place. Choosing other countries to ring takes the scope `keys`."""
    content = await request.body()
    return _outcome(
        await apply_text(_editing(board, who, response), content, dry_run=dry_run, expected=version, permit=permit(who))
    )


@router.get("/versions")
async def list_configuration_versions(board: Board, who: Who, page: Wanted) -> Page[VersionOut]:
    """Every confirmed change of the set-up, whoever made it and by whatever way; the last 1,000 are kept."""
    return await list_rows(board, who, ConfigurationVersion, page, _version)


@router.get("/versions/{number}", response_class=Response, responses=_ANSWERS_TEXT)
async def get_configuration_version(board: Board, who: Who, number: Number) -> Response:
    """The document as of then."""
    return await _answer(await configuration_then(board.sessions, who.tenant_id, number))


@router.get("/versions/{number}/difference", response_class=Response, responses=_ANSWERS_DIFFERENCE)
async def get_configuration_difference(
    board: Board, who: Who, number: Number,
    since: Since = None,
) -> Response:  # fmt: skip
    """What differs between two versions, line by line in the unified form."""
    newer = await configuration_then(board.sessions, who.tenant_id, number)
    older = await configuration_then(board.sessions, who.tenant_id, max(1, number - 1) if since is None else since)
    return Response(await difference_between(older, newer), media_type="text/plain")


@router.post("/versions/{number}/restore")
async def restore_configuration_version(
    board: Board, who: Who, response: Response, number: Number, dry_run: DryRun = False, version: Expected = None
) -> OutcomeOut:
    """Go back to a version, as a new one. Rows that were deleted since then come back under their ids."""
    then = await configuration_then(board.sessions, who.tenant_id, number)
    editing = _editing(board, who, response)
    return _outcome(await restore(editing, then, dry_run=dry_run, expected=version, permit=permit(who)))


def permit(who: Principal) -> Callable[[Applied], None]:
    """Raises :class:`app.base.errors.NotAllowed` for who may not spend the company's money abroad, and would."""

    def check(applied: Applied) -> None:
        if applied.may_spend:
            who.require(Role.ADMIN, Scope.KEYS)

    return check


def _editing(board: Switchboard, who: Principal, response: Response) -> Editing:
    return lambda: confirmed_edit(board, who, response)


async def _answer(kept: Kept) -> Response:
    return Response(await kept.document(), media_type=MEDIA, headers={VERSION_HEADER: str(kept.number)})


def _outcome(outcome: Outcome) -> OutcomeOut:
    changes = [ChangeOut(path=one.path, act=one.act, fields=list(one.fields)) for one in outcome.changes]
    return OutcomeOut(
        changes=changes, difference=outcome.difference, version=outcome.number, dry_run=outcome.dry_run
    )  # fmt: skip


def _version(row: Row) -> VersionOut:
    version = ConfigurationVersion(**{name: value for name, value in row.items() if name != "tenant_id"})
    changes = [ChangeOut(path=one.path, act=one.act, fields=list(one.fields)) for one in changes_of(version)]
    return VersionOut(
        number=row["number"],
        created_at=row["created_at"],
        actor=row["actor"],
        occasion=row["occasion"],
        changes=changes,
    )
