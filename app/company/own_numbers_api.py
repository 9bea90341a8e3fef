"""``/accounts/{id}/numbers``: the account's numbers at its provider, where their calls go, and *point it here*."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

from fastapi import Path
from pydantic import Field

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import Conflict, NotFound, Unavailable
from app.base.problems.calls import CallFault, NotDone
from app.base.problems.requests import RequestFault
from app.company.own_numbers import account_or_404, leads_to, line_of, point_number_here, telephone_of
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.telephone.fault import Fault, TelephoneFault
from app.telephone.telephone import OwnNumber, Telephone
from app.web.resource import ItemId, resource
from app.web.schema import Input, Output

MOST_LISTED: Final = 1000
_LONGEST_ADDRESS: Final = 4000
router = resource("accounts", "", read=Role.ADMIN, scope=Scope.KEYS)
NumberId = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9-]{1,64}$", description="The provider's id of the number.", examples=["PN0123456789abcdef"]
    ),
]


class OwnNumberOut(Output):
    """A number of the account, as the provider has it at this moment."""

    id: str = Field(description="The provider's.")
    number: str
    name: str = Field(description="What the provider calls it.")
    takes_calls: bool = Field(description="False for a number that can only be written to.")
    leads_to: str = Field(
        description="The address that its calls go to, after the provider's application or trunk if one leads it; empty for "
        "none."
    )
    points_here: bool
    line_id: str | None = Field(description="The line of this number, null while there is none.")


class OwnNumbersOut(Output):
    """The numbers of an account."""

    items: list[OwnNumberOut]
    more: bool = Field(description=f"Whether the account has more than these {MOST_LISTED}.")


class PointIn(Input):
    """What was looked at before."""

    before: str = Field(
        "", max_length=_LONGEST_ADDRESS, examples=["https://old.example.org/ivr"],
        description="`leads_to` as you have read it. When it is another by now, nothing is done: 409 `changed-meanwhile`.",
    )  # fmt: skip
    label: str = Field(
        "", max_length=limits.NAME, examples=["New York"], description="The name of its line, if it has none yet."
    )


@router.get("/{item_id}/numbers")
async def list_account_numbers(board: Board, who: Who, item_id: ItemId) -> OwnNumbersOut:
    """The account's numbers at its provider, and where their calls go."""
    tenant, telephone = await _reached(board, who, item_id)
    found: list[OwnNumberOut] = []
    with _told():
        async for one in telephone.numbers():
            if len(found) == MOST_LISTED:
                return OwnNumbersOut(items=found, more=True)
            found.append(_shown(tenant, one))
    return OwnNumbersOut(items=sorted(found, key=lambda one: one.number), more=False)


@router.get("/{item_id}/numbers/{number_id}")
async def get_account_number(board: Board, who: Who, item_id: ItemId, number_id: NumberId) -> OwnNumberOut:
    """One of them."""
    tenant, telephone = await _reached(board, who, item_id)
    with _told():
        return _shown(tenant, await telephone.number(number_id))


@router.post("/{item_id}/numbers/{number_id}/point-here")
async def point_account_number_here(
    board: Board, who: Who, item_id: ItemId, number_id: NumberId, form: PointIn
) -> OwnNumberOut:
    """Point a number here: its calls come to us from now on, and nobody else gets them. Its line is added before, if there
    is none. Done already, this changes nothing."""
    tenant, telephone = await _reached(board, who, item_id)
    with _told():
        there = await telephone.number(number_id)
        if not there.is_here or line_of(tenant, there) is None:
            await point_number_here(board, who, item_id, telephone, number_id, form.before, form.label)
        tenant, _ = await account_or_404(board, who, item_id)
        return _shown(tenant, await telephone.number(number_id))


async def _reached(board: Switchboard, who: Principal, account_id: str) -> tuple[TenantRows, Telephone]:
    tenant, account = await account_or_404(board, who, account_id)
    if (telephone := telephone_of(board, account)) is None:
        raise Conflict(CallFault.NO_REST_KEY)
    return tenant, telephone


@contextmanager
def _told() -> Iterator[None]:
    """What the provider has not done, as a problem."""
    try:
        yield
    except TelephoneFault as error:
        match error.fault:
            case Fault.GONE:
                raise NotFound(RequestFault.NOT_FOUND) from error
            case Fault.REFUSED | Fault.NOT_POSSIBLE_THERE:
                raise Conflict(NotDone(error.fault)) from error
            case _:
                raise Unavailable(NotDone(error.fault)) from error


def _shown(tenant: TenantRows, there: OwnNumber) -> OwnNumberOut:
    line = line_of(tenant, there)
    return OwnNumberOut(
        id=there.number_id, number=there.number, name=there.name, takes_calls=there.takes_calls,
        leads_to=leads_to(there), points_here=there.is_here, line_id=line["id"] if line else None,
    )  # fmt: skip
