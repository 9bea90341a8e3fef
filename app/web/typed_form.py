"""A form of a page as it was typed: read field by field into the shapes of the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from fastapi import Request

from app.base.errors import Unprocessable
from app.base.language import LANGUAGES
from app.base.problems.company import CompanyFault

_MOST_DIGITS: Final = 9
_LONGEST_DECIMAL: Final = 40
"""Room for whatever :func:`decimal_text` shows of a price."""


@dataclass(frozen=True, slots=True)
class TypedForm:
    """``texts`` are the fields by name, the last of each; ``several`` are all values of those that may be chosen more than
    once. A field that a form does not have is left as it is; so that a box which is not ticked is there too, an empty field
    of its name stands before it."""

    texts: Mapping[str, str]
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        """Whether the form has the field."""
        return name in self.texts

    def text(self, name: str) -> str:
        """Without the spaces around it; empty when nothing was typed."""
        return self.texts.get(name, "").strip()

    def text_or_none(self, name: str) -> str | None:
        """None when nothing was typed or chosen."""
        return self.text(name) or None

    def whole(self, name: str) -> int | None:
        """A whole number; None when nothing was typed. Raises :class:`Unprocessable`."""
        text = self.text(name)
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
            raise Unprocessable(CompanyFault.NOT_A_WHOLE_NUMBER, field=name)
        return int(text)

    def decimal(self, name: str) -> float | None:
        """A number with a point or a comma; None when nothing was typed. Raises :class:`Unprocessable`."""
        text = self.text(name).replace(",", ".")
        if not text:
            return None
        whole, _, rest = text.partition(".")
        if not (whole + rest).isascii() or not (whole + rest).isdigit() or len(text) > _LONGEST_DECIMAL:
            raise Unprocessable(CompanyFault.NOT_A_NUMBER, field=name)
        return float(text)

    def is_ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.text(name) == "1"

    def chosen(self, name: str) -> list[str]:
        """What is chosen of several."""
        return [one for one in self.several.get(name, ()) if one]

    def spoken(self, name: str) -> dict[str, str]:
        """A sentence in the languages in which it was typed, or the reference of the recording that was chosen for it."""
        said = ((code, self.text(f"{name}_{code}_audio") or self.text(f"{name}_{code}")) for code in LANGUAGES)
        return {code: text for code, text in said if text}


async def read_form(request: Request) -> TypedForm:
    """What was typed. Files are none of it."""
    several: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            several.setdefault(name, []).append(value)
    return TypedForm(
        {name: values[-1] for name, values in several.items()},
        {name: tuple(values) for name, values in several.items()},
    )


def decimal_text(value: float | Decimal | None) -> str:
    """A number as :meth:`TypedForm.decimal` reads it again, to the last digit and without an exponent; empty for none."""
    if value is None:
        return ""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def typed_over(
    fields: Mapping[str, str | Sequence[str]], typed: TypedForm | None, *hidden: str
) -> dict[str, str | Sequence[str]]:
    """A form's ``fields`` with what was ``typed`` in their place, if it was: of those that are lists, what is chosen.
    ``hidden`` are secrets, which no page ever shows again."""
    if typed is None:
        return dict(fields)
    shown = {name: text for name, text in typed.texts.items() if name not in hidden}
    return {
        **fields,
        **shown,
        **{name: typed.chosen(name) for name, field in fields.items() if isinstance(field, list)},
    }
