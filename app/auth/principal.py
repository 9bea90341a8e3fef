"""Who makes a request: a person with a session or a program with a key, always of one tenant."""

from dataclasses import dataclass, field

from app.auth.roles import Role, Scope, at_least
from app.base.errors import NotAllowed
from app.base.problems.requests import RoleMissing, ScopeMissing


@dataclass(frozen=True, slots=True)
class Principal:
    """``actor`` is what the audit trail shows. A key has scopes and the rights of an admin within them. ``language`` and
    ``theme`` (light or dark) are a person's choices, None for the browser's."""

    tenant_id: str
    actor: str
    role: Role
    scopes: frozenset[Scope] = frozenset(Scope)
    user_id: str | None = None
    user_name: str = ""
    operator_id: str | None = None
    language: str | None = None
    theme: str | None = None
    key_id: str | None = None
    may_block: bool = True
    session_hash: str | None = field(default=None, repr=False)

    @property
    def identity(self) -> str:
        """Who this is and nobody else: two keys may have one name."""
        return self.user_id or self.key_id or self.actor

    def require(self, role: Role, scope: Scope) -> None:
        """Raises :class:`NotAllowed` unless both are had."""
        if not at_least(self.role, role):
            raise NotAllowed(RoleMissing(role.value))
        if scope not in self.scopes:
            raise NotAllowed(ScopeMissing(scope.value))
