"""Who may do what to callers: the one place that pages, the API and the palette ask."""

from typing import Final

from app.auth.roles import Role, at_least

BLOCKS: Final = Role.OPERATOR
"""Whoever takes calls may block a caller of theirs and take back what they blocked themselves; what somebody else blocked,
and everything wider than one caller's number, is for those who judge."""

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


def can_block(role: Role) -> bool:
    """Whether this person may block the caller of a call."""
    return at_least(role, BLOCKS)


def can_judge(role: Role) -> bool:
    """Whether this person may decide who is a VIP or blacklisted, and see it."""
    return at_least(role, JUDGES)
