"""Merge two cards of one client, and take them apart again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.base import limits
from app.base.errors import Conflict, NotAllowed, Unprocessable
from app.base.problems.clients import ClientFault, NotChosenInMerge
from app.clients.client import LISTS, PLAIN, ClientKind, NumberIn
from app.clients.edit_client import change_client
from app.clients.edit_client_gone import bring_back, gone_client, let_go
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.plan.rows import Row, as_row, whole_row
from filters.clients import Standing
from models import ClientCard, GoneClient

CHOSEN: Final = tuple(name for name in PLAIN if name != "about")
"""The fields of which one of both values stays. What both are about stays, one under the other, and so do all numbers,
addresses and tags; of the company's own fields the other's value stays where the kept client has none."""
_NEVER_EMPTY: Final = frozenset({"standing", "kind"})


@dataclass(frozen=True, slots=True)
class Merged:
    """The kept client's row, and what takes the two apart again."""

    row: Row
    gone: GoneClient


def merged_fields(kept: Row, other: Row, take: Iterable[str]) -> Row:
    """What the kept client will be: its own values, but the other's of the fields in ``take``, and the other's where it has
    none itself. Numbers of both; one that either shares with somebody is shared."""
    kept, other = whole_row(ClientCard.__tablename__, kept), whole_row(ClientCard.__tablename__, other)
    fields: Row = {
        name: other[name] if name in take or (not kept[name] and name not in _NEVER_EMPTY) else kept[name]
        for name in CHOSEN
    }
    for name in LISTS:
        fields[name] = list({one.casefold(): one for one in (*other[name], *kept[name])}.values())
        fields[name].sort(key=lambda one: one not in kept[name])
    fields["fields"] = other["fields"] | kept["fields"]
    about = [text for text in dict.fromkeys((kept["about"], other["about"])) if text]
    numbers: dict[str, bool] = {}
    for one in (*kept["numbers"], *other["numbers"]):
        numbers[one["number"]] = numbers.get(one["number"], False) or one["shared"]
    return fields | {"about": "\n".join(about), "numbers": numbers}


async def merge_clients(
    edit: Edit, client_id: str, other_id: str, take: Iterable[str], now: datetime, *, may_judge: bool
) -> Merged:
    """Put the client ``other_id`` into ``client_id``, as :func:`merged_fields` says. Calls and notes go with it.

    Raises :class:`Unprocessable`, :class:`NotFound`, :class:`NotAllowed` when one of them
    is a VIP or blacklisted and a supervisor has to do it, and as :func:`app.clients.edit_client.change_client`.
    """
    await take_turn(edit)
    if client_id == other_id:
        raise Unprocessable(ClientFault.MERGED_WITH_ITSELF, field="other_id")
    if unknown := set(take) - set(CHOSEN):
        raise Unprocessable(NotChosenInMerge(tuple(sorted(unknown))), field="take")
    card = await find_or_404(edit, ClientCard, client_id)
    other = await find_or_404(edit, ClientCard, other_id)
    if not may_judge and {card.standing, other.standing} != {Standing.ORDINARY.value}:
        raise NotAllowed(ClientFault.MERGING_NEEDS_SUPERVISOR)
    before = as_row(card)
    fields = merged_fields(before, as_row(other), take)
    if len(fields["about"]) > limits.TEXT:
        raise Unprocessable(ClientFault.ABOUT_TOO_LONG_TOGETHER, field="about")
    gone = await let_go(edit, other, now, "merge", into_id=client_id)
    changes = fields | {
        "standing": Standing(fields["standing"]),
        "kind": ClientKind(fields["kind"]),
        "numbers": [NumberIn(number=number, shared=shared) for number, shared in fields["numbers"].items()],
    }
    row = await change_client(edit, client_id, changes, now, may_judge=may_judge, act="merge")
    gone.kept_before, gone.kept_after = before, row
    return Merged(row, gone)


async def undo_merge(edit: Edit, gone_id: str, now: datetime, *, may_judge: bool) -> Row:
    """Take two clients apart: the one that went is back as it was, and the one that stayed is as it was before, but for what
    has been changed about it since. Returns the row of the one that is back.

    Raises :class:`NotFound` when that is too long ago, and as :func:`merge_clients`.
    """
    await take_turn(edit)
    gone = await gone_client(edit, gone_id, now)
    if gone.into_id is None or gone.kept_before is None or gone.kept_after is None:
        raise Conflict(ClientFault.NOT_A_MERGE)
    card = await find_or_404(edit, ClientCard, gone.into_id)
    changes = _taken_apart(gone.kept_before, gone.kept_after, as_row(card))
    await change_client(edit, card.id, changes, now, may_judge=may_judge, act="unmerge")
    row = await bring_back(edit, gone, now, "unmerge", may_judge=may_judge)
    await edit.session.delete(gone)
    return row


def _taken_apart(before: Row, after: Row, now: Row) -> Row:
    """What is still as the merge left it goes back; what was changed since stays."""
    before, after, now = (whole_row(ClientCard.__tablename__, row) for row in (before, after, now))
    fields: Row = {name: before[name] if now[name] == after[name] else now[name] for name in (*CHOSEN, "about")}
    for name in LISTS:
        fields[name] = [one for one in now[name] if one in before[name] or one not in after[name]]
    own = {
        key: before["fields"].get(key) if value == after["fields"].get(key) else value
        for key, value in now["fields"].items()
    }
    fields["fields"] = own
    was, became = _numbers(before), _numbers(after)
    numbers = {
        number: was.get(number, shared) if became.get(number) == shared else shared
        for number, shared in _numbers(now).items()
        if number in was or number not in became
    }
    order = list(was)
    placed = sorted(numbers, key=lambda one: order.index(one) if one in was else len(order))
    return fields | {
        "standing": Standing(fields["standing"]),
        "kind": ClientKind(fields["kind"]),
        "numbers": [NumberIn(number=number, shared=numbers[number]) for number in placed],
    }


def _numbers(row: Row) -> dict[str, bool]:
    return {one["number"]: one["shared"] for one in row["numbers"]}
