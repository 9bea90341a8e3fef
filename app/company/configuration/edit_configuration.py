"""Look at a company's configuration, now or then, and make it what a document or an earlier version says: what the API, the
page and the command line share."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.company.configuration.apply import Applied, apply_document, latest_number
from app.company.configuration.read_document import Document, read_document
from app.company.configuration.sections import Labels, labels_of
from app.company.configuration.set_up import load_set_up, sections_of, taken_back, versions_after
from app.company.configuration.told import Change, difference, told
from app.company.configuration.write_document import write_document
from app.edits.edit import Edit
from app.plan.rows import Row
from models import ConfigurationVersion

Editing = Callable[[], AbstractAsyncContextManager[Edit]]
"""Begins an edit that is committed at its end."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A configuration: its rows, and the number of its version; 0 before the first."""

    rows: dict[str, dict[str, Row]]
    number: int

    async def document(self) -> str:
        """As text. Writing a long one takes a part of a second."""
        return await asyncio.to_thread(lambda: write_document(sections_of(self.rows)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What applying a document has changed, or would change: place by place, and line by line. ``number`` is the version
    that it made, or the present one where nothing was changed."""

    changes: list[Change]
    difference: str
    number: int
    dry_run: bool


class _OnlyLooking(Exception):  # it is no error: it leaves an edit without a trace
    pass


@asynccontextmanager
async def _at_one_moment(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    async with sessions() as session, session.begin():
        await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield session


async def configuration_now(sessions: async_sessionmaker[AsyncSession], tenant_id: str) -> Kept:
    """As it is."""
    async with _at_one_moment(sessions) as session:
        newest = select(ConfigurationVersion.number).where(ConfigurationVersion.tenant_id == tenant_id)
        number = await session.scalar(newest.order_by(ConfigurationVersion.number.desc()).limit(1))
        return Kept(await load_set_up(session, tenant_id), number or 0)


async def configuration_then(sessions: async_sessionmaker[AsyncSession], tenant_id: str, number: int) -> Kept:
    """As it was when the version ``number`` had been made. Raises :class:`app.base.errors.NotFound`."""
    async with _at_one_moment(sessions) as session:
        later = await versions_after(session, tenant_id, number)
        return Kept(taken_back(await load_set_up(session, tenant_id), later), number)


async def difference_between(older: Kept, newer: Kept) -> str:
    """The lines that differ."""
    before, after = await older.document(), await newer.document()
    return difference(before, after, _name(older.number), _name(newer.number))


async def apply_text(
    editing: Editing, content: str | bytes, *, dry_run: bool = False, expected: int | None = None,
    permit: Callable[[Applied], None] = lambda _: None,
) -> Outcome:  # fmt: skip
    """Apply a document in one edit, or only say what it would change. ``permit`` raises when it must not be; ``expected`` is
    the version that was looked at before. Raises :class:`app.base.errors.Problem`."""
    document = await asyncio.to_thread(read_document, content)
    return await _apply(editing, document, {}, dry_run=dry_run, expected=expected, permit=permit)


async def applying(content: str | bytes) -> Callable[[Edit], Awaitable[None]]:
    """What applying a document does in an edit, for whoever rehearses it. Raises :class:`app.base.errors.Problem`."""
    document = await asyncio.to_thread(read_document, content)

    async def carry_out(edit: Edit) -> None:
        await apply_document(edit, document, ids={}, expected=None)

    return carry_out


async def restore(
    editing: Editing, then: Kept, *, dry_run: bool = False, expected: int | None = None,
    permit: Callable[[Applied], None] = lambda _: None,
) -> Outcome:  # fmt: skip
    """Go back to an earlier configuration, as a new version. Raises :class:`app.base.errors.Problem`."""
    sections = await asyncio.to_thread(sections_of, then.rows)
    return await _apply(
        editing, Document(sections), labels_of(then.rows), dry_run=dry_run, expected=expected, permit=permit,
        occasion=f"back to {then.number}",
    )  # fmt: skip


async def _apply(
    editing: Editing, document: Document, ids: Labels, *, dry_run: bool, expected: int | None,
    permit: Callable[[Applied], None], occasion: str = "",
) -> Outcome:  # fmt: skip
    applied: Applied | None = None
    number = 0
    try:
        async with editing() as edit:
            edit.occasion = occasion
            applied = await apply_document(edit, document, ids=ids, expected=expected)
            number = await latest_number(edit)
            if dry_run:
                raise _OnlyLooking
            permit(applied)
    except _OnlyLooking:
        pass
    if applied is None:
        raise RuntimeError("an edit ended without having begun")
    before, after = Kept(applied.before, number), Kept(applied.after, number + 1)
    lines = await difference_between(before, after) if applied.changes else ""
    made = number + 1 if applied.changes and not dry_run else number
    return Outcome(told(applied.changes), lines, made, dry_run)


def _name(number: int) -> str:
    return f"version {number}"
