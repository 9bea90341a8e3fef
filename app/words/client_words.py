"""What stands on a client's card, in words."""

from collections.abc import Sequence

from app.base.language import gettext as _

_NAMED = 4


def field_kind_words(kind: str, choices: Sequence[str] = ()) -> str:
    """What a field of the company's own holds."""
    match kind:
        case "number":
            return _("a number")
        case "date":
            return _("a day")
        case "choice" if choices:
            named = ", ".join(choices[:_NAMED]) + (", …" if len(choices) > _NAMED else "")
            return _("one of: %(choices)s", choices=named)
        case "choice":
            return _("one of several choices")
        case _:
            return _("a text")
