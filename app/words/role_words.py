"""Roles of people, and who needs a second factor, in words."""

from typing import assert_never

from app.auth.roles import Role
from app.auth.second_factor_rule import SecondFactorRule
from app.base.language import gettext as _


def role_words(role: Role) -> str:
    """The role's name."""
    match role:
        case Role.OPERATOR:
            return _("Operator")
        case Role.SUPERVISOR:
            return _("Supervisor")
        case Role.ADMIN:
            return _("Admin")
        case _:
            assert_never(role)


def second_factor_words(rule: SecondFactorRule) -> str:
    """Who needs one."""
    match rule:
        case SecondFactorRule.OPTIONAL:
            return _("nobody (optional)")
        case SecondFactorRule.ADMINS:
            return _("admins")
        case SecondFactorRule.EVERYBODY:
            return _("everybody")
        case _:
            assert_never(rule)
