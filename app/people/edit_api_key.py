"""Hand out and revoke API keys."""

from datetime import datetime

from app.auth.api_keys import key_record, new_api_key
from app.auth.principal import Principal
from app.auth.roles import Scope
from app.base.errors import NotAllowed, NotFound, Unprocessable
from app.base.problems.people import PeopleFault, ScopeNotOwn
from app.base.problems.requests import RequestFault
from app.base.text import refuse_unstorable
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.people.edit_access import record_access_change
from app.plan.rows import Row, as_row
from models import ApiKey


async def add_api_key(
    edit: Edit, who: Principal, name: str, scopes: list[Scope], expires_at: datetime | None, now: datetime
) -> tuple[Row, str]:
    """A new key's row and the key itself, which is nowhere stored. Raises :class:`NotAllowed` when ``who``
    would hand out a scope that they do not have."""
    if beyond := sorted(scope.value for scope in set(scopes) - who.scopes):
        raise NotAllowed(ScopeNotOwn(beyond[0]))
    if expires_at is not None and expires_at <= now:
        raise Unprocessable(PeopleFault.KEY_EXPIRY_IN_THE_PAST, field="expires_at")
    refuse_unstorable(name, "name")
    secret = new_api_key()
    key = key_record(edit.tenant_id, name.strip(), sorted(set(scopes)), secret)
    key.expires_at = expires_at
    edit.session.add(key)
    await edit.session.flush()
    await edit.session.refresh(key)
    row = shown_key(key)
    await record_access_change(edit, "add", ApiKey.__tablename__, key.id, None, row)
    return row, secret


async def revoke_api_key(edit: Edit, key_id: str, now: datetime) -> None:
    """End a key's life; its row stays, for the audit trail. Raises :class:`NotFound`, also for one that is
    revoked already."""
    await take_turn(edit)
    key = await find_or_404(edit, ApiKey, key_id)
    if key.revoked_at is not None:
        raise NotFound(RequestFault.NOT_FOUND)
    before = shown_key(key)
    key.revoked_at = now
    await edit.session.flush()
    await record_access_change(edit, "revoke", ApiKey.__tablename__, key.id, before, shown_key(key))


def shown_key(key: ApiKey) -> Row:
    """The key's row without its hash."""
    row = as_row(key)
    del row["secret_hash"]
    return row
