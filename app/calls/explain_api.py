"""``/explain``: what would happen to a call, and why."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import NotFound
from app.base.problems.company import CompanyFault
from app.calls.explain_call import explain_call
from app.web.resource import resource
from app.web.schema import Input
from filters.attestation import Attestation

# It is a question, although it comes as POST: who may read may ask it.
router: APIRouter = resource("explain", write=Role.OPERATOR, scope=Scope.READ)
_EXAMPLE = {
    "action": "connect", "reason": {"code": "vip", "text": "VIP list: +33639980001 “Vera”. Straight to Martin."},
    "matches": [], "trace": [], "revision": 12,
}  # fmt: skip


class Question(Input):
    """A call that might come."""

    from_: str = Field(
        alias="from", max_length=limits.CALLER, examples=["+33639980001"],
        description="The caller ID as the provider sends it: a number in any form, `anonymous`, `sip:…`, or nothing.",
    )  # fmt: skip
    to: str = Field(max_length=limits.CALLER, description="The called line.", examples=["+33199001000"])
    at: str | None = Field(
        None, max_length=64, examples=["2026-12-25T10:00"],
        description="When: RFC 3339, or without a zone the line's own clock. Now, if left out.",
    )  # fmt: skip
    attestation: Attestation = Field(Attestation.NONE, description="How far the network vouches for the number.")


@router.post("", responses={200: {"content": {"application/json": {"example": _EXAMPLE}}}})
async def explain(board: Board, who: Who, question: Question) -> dict[str, Any]:
    """The decision that the webhook would take, with its trace. Nothing is recorded and nobody is rung."""
    plan = board.live_plan.plan_of(who.tenant_id)
    if plan is None:
        raise NotFound(CompanyFault.NO_PLAN)
    return explain_call(plan, question.from_, question.to, question.at, question.attestation.value, board.clock())
