"""The address at which whoever started the service sets it up. It holds a secret that only they can read: nobody else on the
way is let in while there is no account yet."""

import contextlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

_FILE: Final = "first-run"
PATH: Final = "/setup"


def offer_first_run(data_dir: Path, base_url: str) -> str:
    """The address, with a secret of its own. One that was offered before stays good, so that a restart does not cost the
    page that is open."""
    file = data_dir / _FILE
    if not (secret := _secret(data_dir)):
        secret = secrets.token_urlsafe(24)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as written:
            written.write(secret)
    return f"{base_url}{PATH}?token={secret}"


def is_offered(data_dir: Path, token: str) -> bool:
    """Whether ``token`` is the secret of an address that is still good."""
    secret = _secret(data_dir)
    return bool(secret) and hmac.compare_digest(secret.encode(), token.encode("utf-8", "replace"))


def close_first_run(data_dir: Path) -> None:
    """No address is good any more."""
    with contextlib.suppress(FileNotFoundError):
        (data_dir / _FILE).unlink()


def _secret(data_dir: Path) -> str:
    try:
        return (data_dir / _FILE).read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
