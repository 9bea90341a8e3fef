"""``/settings/configuration``: the company's set-up as one document, to download; another one compared and applied; and what
every version changed, each of which one can go back to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem
from app.base.problems.configuration import ConfigurationFault
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
from app.company.configuration.told import Change, changes_of
from app.company.configuration_api import MEDIA, permit
from app.edits.confirmed_edit import confirmed_edit
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.configuration_words import act_words
from app.words.problems import problem_words
from models import ConfigurationVersion

PATH: Final = "/settings/configuration"
_CHANGES_NAMED: Final = 4
_HIGHEST: Final = 2**31 - 1

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=Role.ADMIN, write=Role.ADMIN))]
)
Number = Annotated[int, Path(ge=1, le=_HIGHEST)]
Seen = Annotated[int, Query(ge=0, le=_HIGHEST)]


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """A line of the list: the first of what was changed, in words, and how many ``more`` there were."""

    number: int
    at: datetime
    actor: str
    occasion: str
    changes: list[str]
    more: int


@router.get(PATH)
async def configuration_page(
    request: Request, board: Board, who: Who, applied: Seen | None = None,
    before: Annotated[int, Query(ge=1, le=_HIGHEST)] = _HIGHEST,
) -> HTMLResponse:  # fmt: skip
    """The document and the versions. ``applied`` is the version that has just been made, 0 where nothing was changed;
    ``before`` turns the pages of the list."""
    return await _page(request, board, who, applied=applied, before=before)


@router.get(f"{PATH}/file")
async def configuration_file(board: Board, who: Who) -> Response:
    """The document as a file."""
    return await _file(await configuration_now(board.sessions, who.tenant_id))


@router.post(f"{PATH}/compare")
async def compare(request: Request, board: Board, who: Who) -> HTMLResponse:
    """What a document would change; nothing is changed."""
    document, _seen = await _sent(request)
    try:
        outcome = await apply_text(_editing(board, who), document, dry_run=True)
    except Problem as problem:
        return await _page(request, board, who, problem.status, document=document, detail=problem_words(problem))
    return await _page(request, board, who, document=document, outcome=outcome)


@router.post(f"{PATH}/apply")
async def apply(request: Request, board: Board, who: Who) -> Response:
    """Make the set-up what the document says; live when this answers."""
    document, seen = await _sent(request)
    try:
        outcome = await apply_text(_editing(board, who), document, expected=seen, permit=permit(who))
    except Problem as problem:
        return await _page(request, board, who, problem.status, document=document, detail=problem_words(problem))
    return _done(outcome)


@router.get(PATH + "/versions/{number}")
async def version_page(request: Request, board: Board, who: Who, number: Number) -> HTMLResponse:
    """What a version changed, and what going back to it would change."""
    return await _version(request, board, who, number)


@router.get(PATH + "/versions/{number}/file")
async def version_file(board: Board, who: Who, number: Number) -> Response:
    """The document as of then."""
    return await _file(await configuration_then(board.sessions, who.tenant_id, number))


@router.post(PATH + "/versions/{number}/restore")
async def go_back(request: Request, board: Board, who: Who, number: Number) -> Response:
    """Go back to a version, as a new one."""
    _document, seen = await _sent(request)
    then = await configuration_then(board.sessions, who.tenant_id, number)
    try:
        outcome = await restore(_editing(board, who), then, expected=seen, permit=permit(who))
    except Problem as problem:
        return await _version(request, board, who, number, problem.status, detail=problem_words(problem))
    return _done(outcome)


async def _sent(request: Request) -> tuple[str, int | None]:
    form = await request.form()
    document, seen = form.get("document", ""), form.get("seen", "")
    known = int(seen) if isinstance(seen, str) and seen.isascii() and seen.isdecimal() and len(seen) < 10 else None
    # A browser sends every line with CR LF.
    return (document.replace("\r\n", "\n") if isinstance(document, str) else ""), known


def _editing(board: Switchboard, who: Principal) -> Editing:
    return lambda: confirmed_edit(board, who)


def _done(outcome: Outcome) -> RedirectResponse:
    return RedirectResponse(f"{PATH}?applied={outcome.number if outcome.changes else 0}", 303)


async def _file(kept: Kept) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="configuration-{kept.number}.yaml"'}
    return Response(await kept.document(), media_type=MEDIA, headers=headers)


async def _page(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, document: str = "",
    outcome: Outcome | None = None, detail: str = "", applied: int | None = None, before: int = _HIGHEST,
) -> HTMLResponse:  # fmt: skip
    tenant = await tenant_of(board, who)
    now = await configuration_now(board.sessions, who.tenant_id)
    mine = ConfigurationVersion.tenant_id == who.tenant_id, ConfigurationVersion.number < before
    newest = select(ConfigurationVersion).where(*mine).order_by(ConfigurationVersion.number.desc())
    async with board.sessions() as session:
        found = (await session.scalars(newest.limit(limits.ROWS_ON_PAGE + 1))).all()
    return await draw_in_frame(
        request, board, who, "settings_configuration/page.html", status, now=await now.document(), number=now.number,
        versions=[_seen(one) for one in found[: limits.ROWS_ON_PAGE]], zone=zone_of_company(tenant), detail=detail,
        older=found[limits.ROWS_ON_PAGE - 1].number if len(found) > limits.ROWS_ON_PAGE else 0, typed=document,
        outcome=outcome, changes=_words(outcome.changes) if outcome else [], applied=applied, limits=limits,
        lines=_lines(outcome.difference) if outcome else [], is_first=before == _HIGHEST,
    )  # fmt: skip


async def _version(
    request: Request, board: Switchboard, who: Principal, number: int, status: int = 200, *, detail: str = ""
) -> HTMLResponse:
    tenant = await tenant_of(board, who)
    then, now = (
        await configuration_then(board.sessions, who.tenant_id, number),
        await configuration_now(board.sessions, who.tenant_id),
    )
    async with board.sessions() as session:
        wanted = ConfigurationVersion.tenant_id == who.tenant_id, ConfigurationVersion.number == number
        version = await session.scalar(select(ConfigurationVersion).where(*wanted))
    if version is None:
        raise NotFound(ConfigurationFault.VERSION_GONE)
    try:
        older = await configuration_then(board.sessions, who.tenant_id, number - 1)
        changed = await difference_between(older, then)
    except NotFound:
        changed = ""  # there is none before the first, and older ones are forgotten
    return await draw_in_frame(
        request, board, who, "settings_configuration/version.html", status, version=_seen(version, every=True),
        zone=zone_of_company(tenant), changed=_lines(changed), back=_lines(await difference_between(now, then)),
        number=now.number, detail=detail,
    )  # fmt: skip


def _seen(version: ConfigurationVersion, *, every: bool = False) -> VersionSeen:
    words = _words(changes_of(version))
    shown = words if every else words[:_CHANGES_NAMED]
    return VersionSeen(
        version.number, version.created_at, version.actor, version.occasion, shown, len(words) - len(shown)
    )


def _words(changes: Sequence[Change]) -> list[str]:
    return [act_words(one.act, one.path, ", ".join(one.fields)) for one in changes]


def _lines(difference: str) -> list[tuple[str, str]]:
    """Each line with what it is: ``add``, ``gone``, ``place`` or nothing; without the two names at the head."""
    kinds = {"+": "add", "-": "gone", "@": "place"}
    return [(kinds.get(line[:1], ""), line) for line in difference.split("\n")[2:]]
