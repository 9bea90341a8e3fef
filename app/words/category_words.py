"""How the clients of a category are received, in words."""

from app.base.language import gettext as _


def category_words(queue: str, menu: str, treatment: str, priority: int, ignores_hours: bool) -> str:
    """The parts that differ from everybody else's; ``queue`` and ``menu`` are names, empty for none."""
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
    if ignores_hours:
        parts.append(_("at any hour"))
    return ", ".join(parts) or _("received like everybody else")
