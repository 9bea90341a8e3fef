"""Codes of an authenticator app (RFC 6238: six digits, another one every half minute), and recovery codes for when it is
lost. Pure: what was used already is known to :mod:`app.people.second_factor`."""

import hmac
import secrets
import unicodedata
from datetime import datetime
from typing import Final

import pyotp
import segno

RECOVERY_CODES: Final = 10
_STEP: Final = 30
_OFF_BY: Final = (0, -1, 1)
"""Half minutes by which the clock of a telephone may be wrong, the likeliest first (RFC 6238 5.2)."""
_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LOOK_ALIKES: Final = str.maketrans("oil", "011")
_HALF: Final = 5


def new_totp_secret() -> str:
    """160 random bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32()


def step_of(secret: str, typed: str, now: datetime, *, later_than: int = 0) -> int | None:
    """The half minute (of 1970) whose code was ``typed``, None for a wrong code and for one of a half minute that is not
    ``later_than`` the last one that was taken."""
    code = "".join(one for one in unicodedata.normalize("NFKC", typed) if not one.isspace())
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    here, totp = int(now.timestamp()) // _STEP, pyotp.TOTP(secret)
    for step in (here + off for off in _OFF_BY):
        if step > later_than and hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def totp_address(secret: str, account: str) -> str:
    """What an app reads from the picture: ``otpauth://totp/…``."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name="Antichambre")


def totp_picture(address: str) -> str:
    """The QR code as an image's address (``data:``), which the content security policy allows; dark on white in either
    colour scheme, or cameras do not read it."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


def grouped_secret(secret: str) -> str:
    """The secret in fours, to be typed."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def new_recovery_codes() -> list[str]:
    """Ten codes of 50 random bits, each like ``7k3fq-9zx2m``."""
    return [
        "-".join("".join(secrets.choice(_CROCKFORD) for _ in range(_HALF)) for _ in range(2))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_code_hash(key: bytes, user_id: str, typed: str) -> str:
    """The stored form of a person's code, however it was typed."""
    code = "".join(one for one in unicodedata.normalize("NFKC", typed[:100]).lower() if one.isalnum())
    return hmac.new(key, f"{user_id} {code.translate(_LOOK_ALIKES)}".encode(), "sha256").hexdigest()
