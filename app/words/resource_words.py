"""What the API's resources are called where people read of them, and the page on which a row of one is changed."""

from typing import Final

from app.base.language import gettext as _
from app.base.problems.edits import User

_ELSEWHERE: Final = {
    "clients": "/clients",
    "users": "/settings/people",
    "vip": "/lists/vip",
    "blacklist": "/lists/blacklist",
}
"""Everything else that refers to others is changed below ``/settings``, by the name of its resource."""


def resource_words(resource: str) -> str:
    """As the navigation calls it; the API's own name for one that nothing refers to."""
    return {
        "lines": _("Lines"), "hours": _("Opening hours"), "holidays": _("Holidays"), "menus": _("Menus"),
        "queues": _("Queues"), "rules": _("Rules"), "texts": _("Texts"), "categories": _("Categories"),
        "operators": _("Operators"), "users": _("People"), "users/invitations": _("Invitations"),
        "clients": _("Clients"), "vip": _("VIP list"), "blacklist": _("Blacklist"),
    }.get(resource, resource)  # fmt: skip


def page_of(user: User) -> str:
    """Where whoever is in the way can be changed."""
    if user.resource == "users/invitations":  # they have no pages of their own
        return "/settings/people"
    return f"{_ELSEWHERE.get(user.resource, f'/settings/{user.resource}')}/{user.id}"
