"""API keys: ``ack_`` and 256 random bits, shown once; the database holds the SHA-256, which is enough for a secret that
nobody can guess."""

import hashlib
import secrets
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.roles import Role, Scope
from app.base.clock import Clock
from models import ApiKey

PREFIX: Final = "ack_"


def new_api_key() -> str:
    """A fresh key."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """The form in which keys and session secrets are stored."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def key_record(tenant_id: str, name: str, scopes: list[Scope], secret: str) -> ApiKey:
    """The row of a key."""
    return ApiKey(
        tenant_id=tenant_id, name=name, secret_hash=hash_of(secret), hint=secret[:8],
        scopes=[scope.value for scope in scopes],
    )  # fmt: skip


async def principal_of_key(session: AsyncSession, secret: str, clock: Clock) -> Principal | None:
    """Whose key this is, if it is living."""
    key = await session.scalar(
        select(ApiKey).where(
            ApiKey.secret_hash == hash_of(secret),
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > clock()),
        )
    )
    if key is None:
        return None
    return Principal(
        key.tenant_id,
        f"key:{key.name}",
        Role.ADMIN,
        frozenset(Scope(scope) for scope in key.scopes),
        user_name=key.name,
        key_id=key.id,
    )
