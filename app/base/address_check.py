"""Is the public address the way to this very service? Asked from here, as a provider would ask from outside."""

from enum import StrEnum, auto
from typing import Final

import httpx

_SECONDS: Final = 5.0
MARK: Final = "x-antichambre-first-run"


class AddressFound(StrEnum):
    """What answers at the public address."""

    OURS = auto()
    SOMETHING_ELSE = auto()
    NOTHING = auto()
    CERTIFICATE = auto()


async def check_address(base_url: str, mark: str) -> AddressFound:
    """Ask there for the ``mark`` by which this service knows itself."""
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False, trust_env=False) as client:
            answer = await client.get(f"{base_url}/setup/mark")
    except httpx.ConnectError as error:
        return AddressFound.CERTIFICATE if "CERTIFICATE" in str(error).upper() else AddressFound.NOTHING
    except httpx.HTTPError:
        return AddressFound.NOTHING
    is_ours = answer.headers.get(MARK) == mark
    return AddressFound.OURS if is_ours else AddressFound.SOMETHING_ELSE
