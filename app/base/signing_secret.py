"""Secrets that sign what we send to other programs."""

import base64
import secrets
from typing import Final

_BYTES: Final = 32


def new_signing_secret() -> str:
    """One in the form of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode()
