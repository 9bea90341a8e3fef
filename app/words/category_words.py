"""How the clients of a category are received, in words."""

from app.base.language import gettext as _


def category_words(
    queue: str, menu: str, treatment: str, priority: int, ignores_hours: bool, responsible_first: bool = False,
    hours: str = "",
) -> str:  # fmt: skip
    """The parts that differ from everybody else's; ``queue``, ``menu`` and ``hours`` are names, empty for none."""
    parts = []
    if treatment == "message":
        parts.append(_("hear a message, and nothing else"))
    elif treatment == "voicemail":
        parts.append(_("can leave a message"))
    else:
        if menu:
            parts.append(_("menu “%(name)s”", name=menu))
        if queue:
            parts.append(_("queue “%(name)s”", name=queue))
        if priority:
            parts.append(_("priority %(priority)s", priority=priority))
        if responsible_first:
            parts.append(_("the responsible operator first"))
    if ignores_hours:
        parts.append(_("at any hour"))
    elif hours:
        parts.append(_("hours “%(name)s”", name=hours))
    return ", ".join(parts) or _("received like everybody else")


def colour_words(colour: str) -> str:
    """The colour of a category's word."""
    words = {
        "": _("no colour"), "grey": _("grey"), "blue": _("blue"), "green": _("green"), "teal": _("blue-green"),
        "amber": _("amber"), "red": _("red"), "violet": _("violet"),
    }  # fmt: skip
    return words.get(colour, colour)
