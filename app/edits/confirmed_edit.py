"""The way in which pages and the API change a plan: one transaction, then confirmed when every living worker serves it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Response
from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError

from app.auth.principal import Principal
from app.base.errors import Conflict, InUse, NameTaken, Problem, Unprocessable
from app.base.problems.edits import EditFault
from app.edits.edit import Edit, editing
from app.edits.tell_panels import tell_of_edit, tell_streams_of_access
from app.edits.tell_programs import tell_programs
from app.switchboard import Switchboard
from models.base import Base

REVISION_HEADER = "Antichambre-Revision"
BEHIND_HEADER = "Antichambre-Workers-Behind"


@asynccontextmanager
async def confirmed_edit(board: Switchboard, who: Principal, response: Response | None = None) -> AsyncIterator[Edit]:
    """An edit by ``who``. When the block has ended the edit is committed and live: every later call is decided by it.

    A worker that has not taken it over after a second is named in ``Antichambre-Workers-Behind``. Raises
    :class:`Problem` for broken references and taken names.
    """
    try:
        async with editing(board.sessions, who.tenant_id, who.actor) as edit:
            edit.now = board.clock()
            yield edit
    except IntegrityError as error:
        raise problem_of(error) from error
    await tell_streams_of_access(board, edit)
    if edit.version:
        edit.behind = await board.live_plan.workers_behind(edit.version)
        await tell_of_edit(board, edit)
        await tell_programs(board, edit)
        if response is not None:
            response.headers[REVISION_HEADER] = str(edit.version)
            if edit.behind:
                response.headers[BEHIND_HEADER] = ",".join(edit.behind)


def _only_column(table: str, constraint: str) -> str | None:
    """The field that two of a company's rows may not share, if it is a single one."""
    there = Base.metadata.tables.get(table)
    for one in there.constraints if there is not None else ():
        if one.name == constraint and isinstance(one, UniqueConstraint):
            columns = [column.name for column in one.columns if column.name != "tenant_id"]
            return columns[0] if len(columns) == 1 else None
    return None


def problem_of(error: IntegrityError) -> Problem:
    """What a broken reference or a taken name means for whoever edits."""
    cause = error.orig.__cause__ if error.orig is not None else None
    state, constraint = getattr(cause, "sqlstate", ""), getattr(cause, "constraint_name", "") or ""
    if state == "23505":
        return NameTaken(EditFault.NAME_TAKEN, field=_only_column(getattr(cause, "table_name", "") or "", constraint))
    if state == "23503" and "still referenced" in str(cause):
        return InUse(EditFault.STILL_IN_USE)
    if state == "23503":
        field = (re.search(r"([a-z]+_id)$", constraint) or [constraint])[0].removeprefix("tenant_id_")
        return Unprocessable(EditFault.UNKNOWN_ID, field=field)
    return Conflict(EditFault.CONTRADICTION)
