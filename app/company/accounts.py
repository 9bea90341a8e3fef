"""``/accounts``: the company's accounts at telephony providers. Keys go in and never come out."""

from functools import partial

from fastapi import Response
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import select

from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import NameTaken, Unprocessable
from app.base.problems.company import AccountNotValid, KeyNotValid, UnknownProvider
from app.base.problems.edits import User
from app.base.problems.people import PeopleFault
from app.base.secrets_at_rest import SecretBox
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, save, take_turn
from app.edits.in_use import refuse_used
from app.plan.live_plan import ProviderKeys
from app.plan.rows import Row
from app.providers.provider import Provider
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.telephone.api_state import ApiState
from app.telephone.fault import Fault
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, list_rows, read_row, resource
from app.web.schema import Input, Output, Page, Stored
from app.words.provider_words import lack_words
from models import LineRecord, ProviderAccount

router = resource("accounts", "The company's accounts at telephony providers.", read=Role.ADMIN, scope=Scope.KEYS)
_SID_EXAMPLE = "AC0123456789abcdef0123456789abcdef"


class AccountPatch(Input):
    """Changes of an account. To rotate a token: give the new one as `next_token`, change it at the provider, then give it
    as `token` with `next_token` null."""

    account_sid: str = Field("", max_length=64, description="The provider's id of it.", examples=[_SID_EXAMPLE])
    token: SecretStr = Field(
        SecretStr("-"), min_length=1, max_length=limits.SECRET,
        description="Signs the provider's requests, or verifies them. Write only.",
    )  # fmt: skip
    next_token: SecretStr | None = Field(
        None,
        min_length=1,
        max_length=limits.SECRET,
        description="Accepted as well while tokens are rotated. Write only.",
    )
    api_token: SecretStr | None = Field(
        None, min_length=1, max_length=limits.SECRET,
        description="Opens the provider's REST API where the first token does not: SignalWire's API Token, Telnyx's API "
        "Key, Twilio's auth token if webhooks are signed with a key of your own. Without one, calls are moved more slowly "
        "or not at all. Write only.",
    )  # fmt: skip
    space: str | None = Field(
        None, pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="SignalWire: `example` of example.signalwire.com."
    )
    application: str | None = Field(
        None, pattern=r"^[0-9]{1,40}$", examples=["1293384261075731499"],
        description="Telnyx: the id of the TeXML application, by which new calls are placed; without it none are.",
    )  # fmt: skip


class AccountIn(AccountPatch):
    """An account."""

    provider: str = Field("twilio", max_length=limits.NAME, description="Its name, as in the addresses of webhooks.")
    account_sid: str = Field(max_length=64, description="The provider's id of it.", examples=[_SID_EXAMPLE])
    token: SecretStr = Field(
        min_length=1, max_length=limits.SECRET,
        description="Signs the provider's requests, or verifies them: Twilio's auth token, SignalWire's Signing Key, "
        "Telnyx's public key. Write only.",
    )  # fmt: skip


class ProviderWarning(Output):
    """Something that a provider cannot do."""

    code: str = Field(examples=["no_browser_phones"])
    text: str = Field(description="For people, in the language of the request.")


class AccountOut(Stored):
    """An account; of its tokens only whether there is one."""

    provider: str
    account_sid: str
    has_token: bool
    has_next_token: bool
    has_api_token: bool
    api: ApiState = Field(
        description="Whether calls can be moved through the provider's REST API; `no_key` until an `api_token` is given."
    )
    space: str | None
    application: str | None
    warnings: list[ProviderWarning] = Field(description="What the provider cannot do, and what happens instead.")


@router.get("")
async def list_accounts(board: Board, who: Who, page: Wanted) -> Page[AccountOut]:
    """The accounts."""
    return await list_rows(board, who, ProviderAccount, page, partial(shown_account, board))


@router.post("", status_code=201, response_model=AccountOut)
async def create_account(board: Board, form: AccountIn, post: Posting) -> Response:
    """Add an account. At the provider its numbers have to point here, see `provider` in the addresses of the webhooks."""
    fields = given_fields(form, set(AccountIn.model_fields))

    async def make(edit: Edit) -> BaseModel:
        return shown_account(board, await save_new_account(edit, fields, board.secret_box))

    return await post.once(make)


@router.get("/{item_id}")
async def get_account(board: Board, who: Who, item_id: ItemId) -> AccountOut:
    """One account."""
    return shown_account(board, await read_row(board, who, ProviderAccount, item_id))


@router.patch("/{item_id}")
async def update_account(board: Board, who: Who, response: Response, item_id: ItemId, form: AccountPatch) -> AccountOut:
    """Change the fields that are given."""
    fields = given_fields(form, form.model_fields_set)
    async with confirmed_edit(board, who, response) as edit:
        return shown_account(board, await change_account(edit, item_id, fields, board.secret_box))


@router.delete("/{item_id}", status_code=204)
async def delete_account(board: Board, who: Who, response: Response, item_id: ItemId) -> None:
    """Delete an account. The last one of a provider stays as long as lines are there."""
    async with confirmed_edit(board, who, response) as edit:
        await remove_account(edit, item_id)


def provider_named(name: str) -> Provider:
    """Raises :class:`Unprocessable`."""
    if (provider := PROVIDERS.get(name)) is None:
        raise Unprocessable(UnknownProvider(tuple(sorted(PROVIDERS))), field="provider")
    return provider


def warnings_of(provider: Provider) -> list[ProviderWarning]:
    """What whoever chooses the provider should know."""
    return [ProviderWarning(code=lack.value, text=lack_words(lack)) for lack in provider.lacks()]


async def save_new_account(edit: Edit, fields: Row, secret_box: SecretBox) -> Row:
    """Add an account of ``fields`` (columns, with tokens as they are). Raises :class:`Problem`."""
    await take_turn(edit)
    provider = provider_named(fields["provider"])
    checked = _checked(provider, fields, secret_box)  # first: the database cannot be asked for just any text
    await refuse_taken_account(edit, provider, fields["account_sid"], fields["token"], secret_box, "account_sid")
    return await save(edit, ProviderAccount, checked, None)


async def change_account(edit: Edit, account_id: str, fields: Row, secret_box: SecretBox) -> Row:
    """Give an account other ``fields``; ``next_token`` None ends a rotation. Raises :class:`Problem`."""
    await take_turn(edit)
    account = await find_or_404(edit, ProviderAccount, account_id)
    return await save(edit, ProviderAccount, _checked(provider_named(account.provider), fields, secret_box), account)


async def refuse_taken_account(
    edit: Edit, provider: Provider, account: str, token: str, secret_box: SecretBox, field: str
) -> None:
    """Raises :class:`NameTaken` for an account that this company has already, and for one that another has with the same
    token. With another token it is free: one of the two is wrong, and the signature of the first call tells which."""
    others = select(ProviderAccount.tenant_id, ProviderAccount.token).where(
        ProviderAccount.provider == provider.name, ProviderAccount.account_sid == account
    )
    for tenant_id, secret in await edit.session.execute(others):
        if tenant_id == edit.tenant_id or secret_box.decrypt(secret) == token:
            raise NameTaken(PeopleFault.ACCOUNT_TAKEN, field=field)


async def remove_account(edit: Edit, account_id: str) -> None:
    """Delete an account. Raises :class:`InUse` for the last one of a provider that carries a line: its calls would be
    refused."""
    await take_turn(edit)
    account = await find_or_404(edit, ProviderAccount, account_id)
    same = select(ProviderAccount.id).where(
        ProviderAccount.tenant_id == edit.tenant_id, ProviderAccount.provider == account.provider
    )
    if len((await edit.session.scalars(same)).all()) == 1:
        carried = LineRecord.tenant_id == edit.tenant_id, LineRecord.provider == account.provider
        lines = (await edit.session.scalars(select(LineRecord).where(*carried).order_by(LineRecord.id))).all()
        refuse_used([User(LineRecord.resource, line.id, line.label) for line in lines])
    await edit.record_deleted(account)


def _checked(provider: Provider, fields: Row, secret_box: SecretBox) -> Row:
    """``fields`` as they are stored: with their tokens encrypted."""
    if "account_sid" in fields and not provider.is_account(fields["account_sid"]):
        raise Unprocessable(AccountNotValid(provider.name), field="account_sid")
    tokens = {name: fields[name] for name in ("token", "next_token") if fields.get(name) is not None}
    for name, token in tokens.items():
        if not provider.is_key(token):
            raise Unprocessable(KeyNotValid(provider.name), field=name)
    if (api_token := fields.get("api_token")) is not None:
        tokens["api_token"] = api_token
    return fields | {name: secret_box.encrypt(token) for name, token in tokens.items()}


def given_fields(form: AccountPatch, names: set[str]) -> Row:
    """The columns of ``names``, with tokens as they are."""
    values = form.model_dump(include=names)
    return {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in values.items()}


def _api_state(board: Switchboard, row: Row) -> ApiState:
    """Of the row as it is saved now, which this worker may not serve yet."""
    keys = ProviderKeys(row["provider"], row["account_sid"], "-", "-" if row["api_token"] else "", row["space"] or "")
    if PROVIDERS[row["provider"]].telephone(row["tenant_id"], keys, board.telephones.means) is None:
        return ApiState.NO_KEY
    away = board.telephones.means.reach.away.get((row["tenant_id"], row["provider"]))
    if away is None:
        return ApiState.READY
    return ApiState.REFUSED if away.fault is Fault.REFUSED else ApiState.UNREACHABLE


def shown_account(board: Switchboard, row: Row) -> AccountOut:
    """An account as anybody may see it."""
    return AccountOut.model_validate(
        row
        | {
            "has_token": bool(row["token"]),
            "has_next_token": row["next_token"] is not None,
            "has_api_token": row["api_token"] is not None,
            "api": _api_state(board, row),
            "warnings": warnings_of(PROVIDERS[row["provider"]]),
        }
    )
