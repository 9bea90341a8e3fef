"""Who may do what to callers: the one place that pages, the API and the palette ask."""

from typing import Final

from app.auth.principal import Principal
from app.auth.roles import Role, Scope, at_least
from app.base.errors import NotAllowed
from app.base.problems.people import PeopleFault

BLOCKS: Final = Role.OPERATOR
"""Whoever takes calls may block a caller of theirs and take back what they blocked themselves; what somebody else blocked,
and everything wider than one caller's number, is for those who judge. An admin can take the right from an operator
(``may_block``); those who judge edit the lists, and so always have it."""

JUDGES: Final = Role.SUPERVISOR
"""Edits the lists, decides who is a VIP, and sees what the blacklist has done."""

RELEASES: Final = JUDGES
"""Watches the fake queue, lets a caller out of it and hangs up on those in it."""

WATCHES: Final = JUDGES
"""Sees everything that goes on at this moment, whoever it concerns."""

READS_LISTS: Final = JUDGES
"""Whoever reads the VIP list and the blacklist, on a page or through the API, and asks what would happen to a number: both
say who is blocked, and why."""

OPENS_LINES: Final = Role.SUPERVISOR
"""Whoever says that a line is open or closed now, whatever its hours say."""

SETS_PRESENCE_OF_OTHERS: Final = Role.SUPERVISOR
"""Whoever says of somebody else whether they take calls."""


def can_read_lists(role: Role) -> bool:
    """Whether this person may see the lists, the calls that the blacklist ended, and what a decision found on it."""
    return at_least(role, READS_LISTS)


def can_block(who: Principal) -> bool:
    """Whether this person may block the caller of a call."""
    return at_least(who.role, BLOCKS) and (who.may_block or can_judge(who.role))


def require_block(who: Principal, scope: Scope = Scope.WRITE) -> None:
    """Raises :class:`NotAllowed` for somebody who may not block."""
    who.require(BLOCKS, scope)
    if not can_block(who):
        raise NotAllowed(PeopleFault.MAY_NOT_BLOCK)


def can_judge(role: Role) -> bool:
    """Whether this person may decide who is a VIP or blacklisted, and see it."""
    return at_least(role, JUDGES)
