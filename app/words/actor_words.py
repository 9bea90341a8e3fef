"""Who did something, in words."""

from app.base.language import gettext as _


def person(actor: str) -> str:
    """An ``actor`` of the audit trail as people read it: ``olga@example.org`` for ``user:olga@example.org``."""
    kind, colon, name = actor.partition(":")
    if not colon:
        return {"caller": _("the caller, by a key"), "cli": _("command line"), "renewal": _("renewal of lists")}.get(
            actor, actor
        )
    return _("API key %(name)s", name=name) if kind == "key" else name
