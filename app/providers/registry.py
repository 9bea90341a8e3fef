"""The providers that there are. A further one is a folder beside this file, and its line here."""

from collections.abc import Mapping
from typing import Final

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
