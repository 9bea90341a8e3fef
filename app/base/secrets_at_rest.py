"""Provider tokens are encrypted in the database (Fernet: AES-128-CBC with HMAC-SHA256, cryptography.io/fernet)."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SecretUnreadable(ValueError):
    """The stored secret was encrypted with another ANTICHAMBRE_SECRET_KEY."""


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose only (HKDF, RFC 5869), so that no two uses share the installation's secret."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=purpose.encode()).derive(key)


class SecretBox:
    """Encrypts and decrypts short secrets with the installation's key."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(derive(key, "secrets at rest")))

    def encrypt(self, secret: str) -> str:
        """The secret in its stored form."""
        return self._fernet.encrypt(secret.encode()).decode()

    def opens(self, stored: str) -> bool:
        """Whether it was encrypted with this key."""
        try:
            self.decrypt(stored)
        except SecretUnreadable:
            return False
        return True

    def decrypt(self, stored: str) -> str:
        """The secret. Raises :class:`SecretUnreadable`."""
        try:
            return self._fernet.decrypt(stored.encode()).decode()
        except InvalidToken as error:
            raise SecretUnreadable(
                "A provider token cannot be decrypted; start with the ANTICHAMBRE_SECRET_KEY that it was saved with."
            ) from error
