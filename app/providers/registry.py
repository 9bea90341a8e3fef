"""The providers that there are. A further one is a folder beside this file, and its line here."""

from collections.abc import Mapping
from typing import Final

from app.providers.capabilities import Capabilities
from app.providers.provider import Provider
from app.providers.signalwire import SIGNALWIRE
from app.providers.telnyx import TELNYX
from app.providers.twilio import TWILIO

PROVIDERS: Final[Mapping[str, Provider]] = {
    provider.name: provider
    for provider in (
        TWILIO,
        SIGNALWIRE,
        TELNYX,
    )
}  # fmt: skip
"""By their name."""


def capabilities_of(provider: str) -> Capabilities:
    """What a provider can do; everything, where nobody knows it, as for a call from the phone booth."""
    known = PROVIDERS.get(provider)
    return known.capabilities if known is not None else Capabilities()
