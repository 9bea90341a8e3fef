"""What is wrong with one field of a body, an address or a form, by what the validator calls it."""

from typing import Final

from app.base import limits
from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.problems.requests import FieldNotValid

_OWN: Final = "Value error, "
"""Before a sentence of ours the validator puts this."""
_BY_PATTERN: Final = {
    r"\S": "nothing_to_see",
    limits.KEYS_PATTERN: "keys_form",
    limits.CURRENCY_PATTERN: "currency_form",
}
"""Patterns whose mismatch has a sentence of its own."""


def words_of_field(one: FieldNotValid) -> str:
    """One sentence with the remedy. What the validator says about what nobody types in a form stays in its own English."""
    limit = one.limit
    match _BY_PATTERN.get(str(limit), one.kind) if one.kind == "string_pattern_mismatch" else one.kind:
        case "missing" | "none_required":
            return _("This is needed.")
        case "extra_forbidden":
            return _("There is no such field here.")
        case "string_type" | "string_sub_type":
            return _("This has to be a text.")
        case "int_type" | "int_parsing" | "int_from_float" | "int_parsing_size":
            return _("This has to be a whole number.")
        case "float_type" | "float_parsing" | "decimal_type" | "decimal_parsing" | "finite_number":
            return _("This has to be a number.")
        case "bool_type" | "bool_parsing":
            return _("This has to be true or false.")
        case "list_type" | "tuple_type" | "set_type":
            return _("This has to be a list.")
        case "dict_type" | "mapping_type" | "model_type" | "model_attributes_type" | "dataclass_type":
            return _("This has to be an object with fields.")
        case "string_too_short" if isinstance(limit, int) and limit > 1:
            return _("At least %(limit)s characters.", limit=limit)
        case "string_too_short" | "nothing_to_see":
            return _("Write something here.")
        case "string_too_long":
            return _("At most %(limit)s characters.", limit=limit)
        case "too_short" if isinstance(limit, int):
            return ngettext("At least %(num)s is needed.", "At least %(num)s are needed.", limit)
        case "too_long" if isinstance(limit, int):
            return ngettext("At most %(num)s is possible.", "At most %(num)s are possible.", limit)
        case "greater_than_equal":
            return _("Not less than %(limit)s.", limit=limit)
        case "greater_than":
            return _("More than %(limit)s.", limit=limit)
        case "less_than_equal":
            return _("Not more than %(limit)s.", limit=limit)
        case "less_than":
            return _("Less than %(limit)s.", limit=limit)
        case "enum" | "literal_error":
            return _("Choose one of these: %(choices)s.", choices=str(limit).replace(" or ", ", "))
        case "keys_form":
            return _("One to four keys of the telephone: digits, * and #.")
        case "currency_form":
            return _("A currency has three capital letters, like EUR.")
        case "allow_blocks_nobody":
            return _("“allow” blocks nobody; add an entry with that treatment to the blacklist instead.")
        case "allow_is_an_exception":
            return _("“allow” is for entries, as an exception inside a broader one; choose what the others get.")
        case "ladder_begins":
            return _("A ladder begins with “fake_queue”.")
        case "ladder_of":
            return _("Below the fake queue there can be “ring_out”, “busy”, “reject” and “not_in_service”.")
        case "ladder_twice":
            return _("Each treatment stands in the ladder once.")
        case "beyond_calendars":
            first, last = limits.EARLIEST.year, limits.LATEST.year
            return _("Write a moment between %(first)s and %(last)s, or leave it out.", first=first, last=last)
        case "string_pattern_mismatch":
            return _("This does not have the form that it should have.")
        case "json_invalid" | "json_type":
            return _("This is not JSON.")
        case kind if kind.startswith(("date", "time", "timezone")):
            return _("Write it like 2026-12-31T18:00:00Z, or a day like 2026-12-31.")
        case _:
            return one.message.removeprefix(_OWN)
