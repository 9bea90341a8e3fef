"""What time it is where a number belongs."""

from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import timezone

from app.base.language import clock_time
from filters.number import country_of

_MAIN_ZONE: Final = {
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "DE": "Europe/Berlin", "EC": "America/Guayaquil",
    "ES": "Europe/Madrid", "MH": "Pacific/Majuro", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon", "UA": "Europe/Kyiv", "UZ": "Asia/Tashkent",
}  # fmt: skip
"""Countries of several zones of which one stands for the country (Unicode CLDR, ``primaryZones``)."""


def clock_there(e164: str, moment: datetime, here: ZoneInfo) -> str:
    """The time of day where the number belongs, ``14:02``; empty when the clocks there show what they show ``here``, or
    when the number does not tell (a mobile of a country of several times)."""
    zones = _zones_of(e164)
    offsets = {moment.astimezone(zone).utcoffset() for zone in zones}
    if len(offsets) != 1 or offsets == {moment.astimezone(here).utcoffset()}:
        return ""
    return clock_time(moment, zones[0])


@lru_cache(maxsize=4096)
def _zones_of(e164: str) -> tuple[ZoneInfo, ...]:
    try:
        names = timezone.time_zones_for_number(phonenumbers.parse(e164, None))
    except phonenumbers.NumberParseException:
        return ()
    main = _MAIN_ZONE.get(country_of(e164) or "")
    try:
        return tuple(ZoneInfo(name) for name in ((main,) if main and len(names) > 1 else names))
    except (ZoneInfoNotFoundError, ValueError):
        return ()
