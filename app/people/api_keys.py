"""``/api-keys``: keys for programs. A key is shown once; only its hash is stored."""

from datetime import datetime

from fastapi import Response
from pydantic import BaseModel, Field

from app.auth.api_keys import key_record, new_api_key
from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.base.errors import NotAllowed, NotFound, Unprocessable
from app.base.problems.people import PeopleFault, ScopeNotOwn
from app.base.problems.requests import RequestFault
from app.base.text import refuse_unstorable
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.people.edit_access import record_access_change
from app.plan.rows import Row, as_row
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, list_rows, read_row, resource
from app.web.schema import Input, Moment, Name, Page, Stored
from models import ApiKey

router = resource("api-keys", "Keys for programs.", read=Role.ADMIN, scope=Scope.KEYS)


class KeyIn(Input):
    """A key to be made."""

    name: Name = Field(description="What it is for; the audit trail shows it.", examples=["CRM"])
    scopes: list[Scope] = Field(
        [Scope.READ], min_length=1, max_length=len(Scope), description="None that you lack yourself."
    )
    expires_at: Moment | None = Field(None, description="When it ends; null: when it is revoked.")


class KeyOut(Stored):
    """A key, without itself."""

    name: str
    hint: str = Field(description="Its first characters.", examples=["ack_Xy1z"])
    scopes: list[Scope]
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKeyOut(KeyOut):
    """A new key."""

    key: str = Field(description="Shown this once.", examples=["ack_…"])


@router.get("")
async def list_api_keys(board: Board, who: Who, page: Wanted) -> Page[KeyOut]:
    """All keys, the revoked ones too."""
    return await list_rows(board, who, ApiKey, page, KeyOut.model_validate)


@router.post("", status_code=201, response_model=NewKeyOut)
async def create_api_key(form: KeyIn, post: Posting) -> Response:
    """Make a key. The answer is the only place where it is ever shown: a retry with the same `Idempotency-Key` makes no
    second one, and is refused with `secret-shown-once`."""

    async def make(edit: Edit) -> BaseModel:
        row, key = await add_api_key(edit, post.who, form.name, form.scopes, form.expires_at)
        return NewKeyOut.model_validate(row | {"key": key})

    return await post.once(make, secret=True)


@router.get("/{item_id}", response_model=KeyOut)
async def get_api_key(board: Board, who: Who, item_id: ItemId) -> Row:
    """One key."""
    return await read_row(board, who, ApiKey, item_id)


@router.delete("/{item_id}", status_code=204)
async def delete_api_key(board: Board, who: Who, item_id: ItemId) -> None:
    """Revoke a key: the next request with it is refused."""
    async with confirmed_edit(board, who) as edit:
        await revoke_api_key(edit, item_id)


async def add_api_key(
    edit: Edit, who: Principal, name: str, scopes: list[Scope], expires_at: datetime | None
) -> tuple[Row, str]:
    """A new key's row and the key itself, which is nowhere stored. Raises :class:`NotAllowed` when ``who``
    would hand out a scope that they do not have."""
    if beyond := sorted(scope.value for scope in set(scopes) - who.scopes):
        raise NotAllowed(ScopeNotOwn(beyond[0]))
    if expires_at is not None and expires_at <= edit.now:
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


async def revoke_api_key(edit: Edit, key_id: str) -> None:
    """End a key's life; its row stays, for the audit trail. Raises :class:`NotFound`, also for one that is
    revoked already."""
    await take_turn(edit)
    key = await find_or_404(edit, ApiKey, key_id)
    if key.revoked_at is not None:
        raise NotFound(RequestFault.NOT_FOUND)
    before = shown_key(key)
    key.revoked_at = edit.now
    await edit.session.flush()
    await record_access_change(edit, "revoke", ApiKey.__tablename__, key.id, before, shown_key(key))


def shown_key(key: ApiKey) -> Row:
    """The key's row without its hash."""
    row = as_row(key)
    del row["secret_hash"]
    return row
