"""``/users/invitations``: people who may make an account of their own, by a link that works once."""

from datetime import datetime
from enum import StrEnum

from fastapi import Response
from pydantic import Field
from sqlalchemy import delete, select, update

from app.auth.api_keys import hash_of
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import NameTaken, NotFound
from app.base.problems.people import PeopleFault
from app.base.text import refuse_unstorable
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.people.edit_access import record_access_change
from app.people.one_time_links import INVITATION_LASTS, LinkKind, link_of, new_link_secret
from app.people.send_letter import MailState, Sending, letter_with_link
from app.people.users import check_account
from app.plan.rows import Row, as_row
from app.switchboard import Switchboard
from app.web.posting import Poster, Posting
from app.web.resource import ItemId, Wanted, list_rows, read_row, resource
from app.web.schema import Id, Input, Page, Stored
from models import Invitation

COLLECTION = "/api/v1/users/invitations"

# Whoever invites an admin holds every right, so a key needs the scope that hands out keys.
router = resource(
    "users/invitations", "People who may make an account of their own, by a link that works once.", read=Role.ADMIN,
    scope=Scope.KEYS,
)  # fmt: skip


class InvitationIn(Input):
    """An invitation."""

    email: str = Field(max_length=limits.EMAIL, examples=["olga@example.org"])
    name: str = Field("", max_length=limits.NAME, description="They can change it.", examples=["Olga"])
    role: Role = Field(Role.OPERATOR)
    operator_id: Id | None = Field(None, description="Who they are on the phone, if they take calls.")
    language: str | None = Field(None, max_length=2, description="Of letter and pages; null: the company's.")
    may_block: bool = Field(True, description="Whether an operator may block callers.")


class InvitationState(StrEnum):
    """Whether the link still works."""

    OPEN = "open"
    EXPIRED = "expired"


class InvitationOut(Stored):
    """An invitation that is not accepted yet."""

    email: str
    name: str
    role: Role
    operator_id: str | None
    language: str | None
    may_block: bool
    expires_at: datetime
    state: InvitationState
    mail: MailState = Field(description="What became of the e-mail; `off`: there is no mail server.")


class NewInvitationOut(InvitationOut):
    """An invitation with its link."""

    link: str = Field(description="Shown this once.", examples=["https://pbx.example.org/invite/…"])


@router.get("")
async def list_invitations(board: Board, who: Who, page: Wanted) -> Page[InvitationOut]:
    """Everybody who has not accepted yet."""
    return await list_rows(board, who, Invitation, page, lambda row: InvitationOut.model_validate(seen(board, row)))


@router.post("", status_code=201, response_model=NewInvitationOut)
async def create_invitation(form: InvitationIn, post: Posting) -> Response:
    """Invite somebody: they get an e-mail if there is a mail server. The answer is the only place where the link is ever
    shown: a retry with the same `Idempotency-Key` is refused with `secret-shown-once`."""
    sending: list[Sending] = []

    async def make(edit: Edit) -> NewInvitationOut:
        row, secret = await add_invitation(edit, form)
        return await _told(post, row, secret, sending)

    return _sent(await post.once(make, COLLECTION, secret=True), sending)


@router.get("/{item_id}")
async def get_invitation(board: Board, who: Who, item_id: ItemId) -> InvitationOut:
    """One invitation."""
    return InvitationOut.model_validate(seen(board, await read_row(board, who, Invitation, item_id)))


@router.post("/{item_id}/resend", status_code=201, response_model=NewInvitationOut)
async def resend_invitation(post: Posting, item_id: ItemId) -> Response:
    """Send it again with a new link that works for seven days; the old one ends."""
    sending: list[Sending] = []

    async def make(edit: Edit) -> NewInvitationOut:
        row, secret = await renew_invitation(edit, item_id)
        return await _told(post, row, secret, sending)

    return _sent(await post.once(make, COLLECTION, secret=True), sending)


@router.delete("/{item_id}", status_code=204)
async def delete_invitation(board: Board, who: Who, item_id: ItemId) -> None:
    """Take it back: the link ends at once."""
    async with confirmed_edit(board, who) as edit:
        await cancel_invitation(edit, item_id)


async def add_invitation(edit: Edit, form: InvitationIn) -> tuple[Row, str]:
    """A new invitation's row, and the secret of its link. Raises :class:`Problem`: the address has an account, or an
    invitation that is still open."""
    await take_turn(edit)
    fields = form.model_dump(mode="json") | {"name": form.name.strip()}
    await check_account(edit, fields, None)
    refuse_unstorable(fields["name"], "name")
    same = Invitation.tenant_id == edit.tenant_id, Invitation.email == fields["email"]
    if await edit.session.scalar(select(Invitation.id).where(*same, Invitation.expires_at > edit.now)):
        raise NameTaken(PeopleFault.ALREADY_INVITED, field="email")
    await edit.session.execute(delete(Invitation).where(*same))
    secret = new_link_secret()
    invitation = Invitation(
        tenant_id=edit.tenant_id, secret_hash=hash_of(secret), expires_at=edit.now + INVITATION_LASTS, **fields
    )
    edit.session.add(invitation)
    return await _recorded(edit, "invite", invitation), secret


async def renew_invitation(edit: Edit, invitation_id: str) -> tuple[Row, str]:
    """The invitation with a new link, and the secret of it. Raises :class:`Problem`."""
    await take_turn(edit)
    invitation = await find_or_404(edit, Invitation, invitation_id)
    await check_account(edit, {"email": invitation.email}, None)
    secret = new_link_secret()
    invitation.secret_hash, invitation.expires_at = hash_of(secret), edit.now + INVITATION_LASTS
    invitation.mail = MailState.OFF.value
    return await _recorded(edit, "resend", invitation), secret


async def cancel_invitation(edit: Edit, invitation_id: str) -> None:
    """Take an invitation back."""
    await take_turn(edit)
    invitation = await find_or_404(edit, Invitation, invitation_id)
    before = shown_invitation(invitation)
    await edit.session.delete(invitation)
    await record_access_change(edit, "cancel", Invitation.__tablename__, invitation_id, before, None)


async def open_invitation(board: Switchboard, secret: str) -> Invitation:
    """The one that this link is for. Raises :class:`NotFound`."""
    async with board.sessions() as session:
        living = Invitation.secret_hash == hash_of(secret), Invitation.expires_at > board.clock()
        if (found := await session.scalar(select(Invitation).where(*living))) is None:
            raise NotFound(PeopleFault.LINK_NOT_VALID)
    return found


async def sending_of(board: Switchboard, row: Row, secret: str) -> Sending:
    """The letter with an invitation's link; what becomes of it is written into its row."""

    async def tell(state: MailState) -> None:
        which = Invitation.tenant_id == row["tenant_id"], Invitation.secret_hash == hash_of(secret)
        async with board.sessions() as session, session.begin():
            await session.execute(update(Invitation).where(*which).values(mail=state.value))

    until = datetime.fromisoformat(row["expires_at"])
    letter = await letter_with_link(
        board, row["tenant_id"], LinkKind.INVITE, secret, row["email"], row["language"], until
    )
    return Sending(board, letter, tell)


def seen(board: Switchboard, row: Row) -> Row:
    """The row with whether its link still works."""
    over = datetime.fromisoformat(row["expires_at"]) <= board.clock()
    return row | {"state": InvitationState.EXPIRED if over else InvitationState.OPEN}


def shown_invitation(invitation: Invitation) -> Row:
    """The row without its link's hash."""
    row = as_row(invitation)
    del row["secret_hash"]
    return row


async def _recorded(edit: Edit, act: str, invitation: Invitation) -> Row:
    await edit.session.flush()
    await edit.session.refresh(invitation)
    row = shown_invitation(invitation)
    await record_access_change(edit, act, Invitation.__tablename__, invitation.id, None, row)
    return row


async def _told(post: Poster, row: Row, secret: str, sending: list[Sending]) -> NewInvitationOut:
    one = await sending_of(post.board, row, secret)
    sending.append(one)
    link = link_of(post.board.settings, LinkKind.INVITE, secret)
    return NewInvitationOut.model_validate(seen(post.board, row) | {"link": link, "mail": one.state})


def _sent(answer: Response, sending: list[Sending]) -> Response:
    """After the commit: who opens the link in the next second finds the invitation."""
    for one in sending:
        one.begin()
    return answer
