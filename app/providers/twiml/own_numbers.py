"""The account's numbers, read (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource; SignalWire:
compatibility-api/rest/entities/incoming-phone-numbers)."""

from collections.abc import Iterator, Mapping
from typing import Final

from app.telephone.telephone import OwnNumber

_LONGEST: Final = 1024
_LED_BY: Final = ("trunk_sid", "voice_application_sid")
"""What goes before a number's own addresses, the first before the second."""


def numbers_in(page: Mapping[str, object], ours: str) -> Iterator[OwnNumber]:
    """The numbers on a page of the list; what is none is left out. ``ours`` is the address of our own."""
    told = page.get("incoming_phone_numbers")
    for one in told if isinstance(told, list) else ():
        if isinstance(one, dict) and (number := read_number_there(one, ours)) is not None:
            yield number


def read_number_there(told: Mapping[str, object], ours: str) -> OwnNumber | None:
    """A number of the list; None for one that does not say what it is called."""
    number_id, number = _text(told, "sid"), _text(told, "phone_number")
    if not number_id or not number:
        return None
    can = told.get("capabilities")
    voice_url, led_by = _text(told, "voice_url"), next(filter(None, (_text(told, one) for one in _LED_BY)), "")
    return OwnNumber(
        number_id=number_id,
        number=number,
        name=_text(told, "friendly_name"),
        takes_calls=not (isinstance(can, dict) and can.get("voice", can.get("Voice")) is False),
        voice_url=voice_url,
        status_url=_text(told, "status_callback"),
        led_by=led_by,
        is_here=not led_by and voice_url.partition("#")[0] == ours,
    )


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    return value[:_LONGEST] if isinstance(value, str) else ""
