"""``/vip/reach`` and ``/blacklist/reach``: what an entry would have met, before it is saved."""

from typing import Annotated, Final

from fastapi import Query
from pydantic import Field

from app.auth.require import Board, Who
from app.auth.rights import JUDGES, READS_LISTS
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.numbers import PatternNotRead
from app.lists.entries_api import ABOUT
from app.lists.past_calls import calls_met
from app.web.number_query import country_of_company
from app.web.resource import resource
from app.web.schema import Output
from app.words.past_call_words import past_call_words
from filters.pattern import PatternKind, PatternUnreadable, read_pattern
from models.list_name import ListName


class ReachOut(Output):
    """How many calls of the last `days` it would have met, and from how many clients and VIPs."""

    calls: int = Field(examples=[14])
    clients: int = Field(examples=[3])
    vips: int = Field(examples=[1])
    days: int = Field(examples=[90])
    text: str = Field(description="The same as a sentence.")


class ReachApi:
    """The route of one list."""

    def __init__(self, name: ListName) -> None:
        self.router = resource(name.value, ABOUT[name], read=READS_LISTS, write=JUDGES)
        self.router.add_api_route(
            "/reach", self._reach, methods=["GET"], name=f"get_{name.value}_reach", response_model=ReachOut
        )

    async def _reach(
        self, board: Board, who: Who,
        number: Annotated[str, Query(max_length=limits.TYPED_NUMBER, description="As in an entry.")],
        match: PatternKind = PatternKind.EXACT,
        to: Annotated[str | None, Query(max_length=limits.TYPED_NUMBER)] = None,
        lines: Annotated[list[str] | None, Query(max_length=limits.LINES, description="As in an entry; none: all.")] = None,
    ) -> ReachOut:  # fmt: skip
        """What an entry would have met in the last 90 days, before it is saved."""
        text = f"+{number.strip()}" if number.startswith(" ") else number  # a plus that was not written as %2B
        try:
            pattern = read_pattern(match, text, to, country_of_company(board, who))
        except PatternUnreadable as error:
            raise Unprocessable(PatternNotRead.of(error), field=error.field) from error
        tenant = await tenant_of(board, who)
        async with board.sessions() as session:
            met = await calls_met(session, tenant, [pattern], board.clock(), lines or ())
        words = past_call_words(met.calls, met.clients, met.vips, met.days)
        return ReachOut(calls=met.calls, clients=met.clients, vips=met.vips, days=met.days, text=words)


VIP_REACH: Final = ReachApi(ListName.VIP)
BLACKLIST_REACH: Final = ReachApi(ListName.BLACKLIST)
