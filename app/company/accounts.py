"""``/accounts``: the company's account at the telephony provider. Tokens go in and never come out."""

from fastapi import Response
from pydantic import Field, SecretStr

from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault
from app.base.secrets_at_rest import SecretBox
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, save, take_turn
from app.plan.rows import Row
from app.providers.twilio import TWILIO
from app.web.resource import ItemId, Wanted, listed, read_row, resource
from app.web.schema import Input, Page, Stored
from models import ProviderAccount

router = resource("accounts", read=Role.ADMIN, scope=Scope.KEYS)


class AccountPatch(Input):
    """Changes of an account. To rotate a token: give the new one as `next_token`, change it at the provider, then give it
    as `token` with `next_token` null."""

    account_sid: str = Field("", max_length=64, examples=["AC0123456789abcdef0123456789abcdef"])
    token: SecretStr = Field(
        SecretStr("-"), min_length=1, max_length=limits.SECRET, description="Signs the webhooks. Write only."
    )
    next_token: SecretStr | None = Field(
        None,
        min_length=1,
        max_length=limits.SECRET,
        description="Accepted as well while tokens are rotated. Write only.",
    )


class AccountOut(Stored):
    """An account; of its tokens only whether there is one."""

    provider: str
    account_sid: str
    has_token: bool
    has_next_token: bool


@router.get("")
async def list_accounts(board: Board, who: Who, page: Wanted) -> Page[AccountOut]:
    """The accounts."""
    return await listed(board, who, ProviderAccount, page, _shown)


@router.get("/{item_id}")
async def read_account(board: Board, who: Who, item_id: ItemId) -> AccountOut:
    """One account."""
    return _shown(await read_row(board, who, ProviderAccount, item_id))


@router.patch("/{item_id}")
async def change(board: Board, who: Who, response: Response, item_id: ItemId, form: AccountPatch) -> AccountOut:
    """Change the fields that are given."""
    fields: Row = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in form.model_dump(exclude_unset=True).items()
    }
    async with confirmed_edit(board, who, response) as edit:
        return _shown(await change_account(edit, item_id, fields, board.secret_box))


def _shown(row: Row) -> AccountOut:
    return AccountOut.model_validate(
        row | {"has_token": bool(row["token"]), "has_next_token": row["next_token"] is not None}
    )


async def change_account(edit: Edit, account_id: str, fields: Row, secret_box: SecretBox) -> Row:
    """Give ``account_sid``, ``token`` and ``next_token`` new values; ``next_token`` None ends a rotation. Raises
    :class:`Problem`."""
    await take_turn(edit)
    account = await find_or_404(edit, ProviderAccount, account_id)
    if "account_sid" in fields and not TWILIO.is_account(fields["account_sid"]):
        raise Unprocessable(CompanyFault.ACCOUNT_SID_NOT_VALID, field="account_sid")
    for name in ("token", "next_token"):
        if fields.get(name) is not None:
            fields[name] = secret_box.encrypt(fields[name])
    return await save(edit, ProviderAccount, fields, account)
