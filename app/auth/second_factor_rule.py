"""Whether somebody needs a second factor: the company's choice, and how long it can be put off."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.auth.roles import Role

GRACE: Final = timedelta(days=7)


class SecondFactorRule(StrEnum):
    """Who of a company needs a second factor to sign in."""

    OPTIONAL = "optional"
    ADMINS = "admins"
    EVERYBODY = "everybody"


_RANK: Final = {SecondFactorRule.OPTIONAL: 0, SecondFactorRule.ADMINS: 1, SecondFactorRule.EVERYBODY: 2}


def needs_second_factor(rule: SecondFactorRule, role: Role) -> bool:
    """Whether somebody of ``role`` does."""
    return rule is SecondFactorRule.EVERYBODY or (rule is SecondFactorRule.ADMINS and role is Role.ADMIN)


def is_stricter(rule: SecondFactorRule, than: SecondFactorRule) -> bool:
    """Whether more people need one by ``rule``; they get the whole grace."""
    return _RANK[rule] > _RANK[than]


def grace_until(since: datetime | None, joined: datetime) -> datetime:
    """Until when somebody who ``joined`` then can put it off; the company decided it ``since``."""
    return max(since or joined, joined) + GRACE
