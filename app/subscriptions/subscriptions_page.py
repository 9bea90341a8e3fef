"""``/settings/subscriptions``: lists that others keep, what they have met, and how their last renewal went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.base.errors import NotFound, Problem
from app.base.language import gettext as _
from app.base.problems.subscriptions import SuspiciousList
from app.lists.imports.upload import uploaded
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.subscriptions.renew import ground_of, renew_within, upload
from app.subscriptions.subscriptions_api import PATIENCE_SECONDS, SUBSCRIPTIONS, fault_words, hits_of
from app.switchboard import Switchboard
from app.web.resource_pages import ItemId, ResourcePages, Shown
from app.web.typed_form import TypedForm, read_form
from app.words.list_words import treatment_words
from app.words.subscription_words import source_words, subscription_state_words
from filters.list_entry import Treatment
from filters.subscription import SubscriptionState
from models import SubscriptionRecord
from models.subscription import RenewalFault, SubscriptionSource

_TO_CONFIRM: Final = frozenset({RenewalFault.EMPTY, RenewalFault.SHRUNK, RenewalFault.GROWN})


@dataclass(frozen=True, slots=True)
class SubscriptionSeen:
    """A subscription with what there is to know about it at the moment. ``fault`` is a sentence; ``waits`` whether what came
    waits for somebody who believes it."""

    id: str
    name: str
    source: str
    state: str
    is_shadow: bool
    is_off: bool
    is_file: bool
    entries: int
    skipped: int
    would_have_blocked: int
    blocked: int
    renewed_at: datetime | None
    next_try_at: datetime | None
    fault: str
    waits: bool


@dataclass(frozen=True, slots=True)
class SubscriptionChoices:
    """What the lists of the form offer."""

    sources: list[tuple[str, str]]
    states: list[tuple[str, str]]
    treatments: list[tuple[str, str]]


class SubscriptionPages(ResourcePages[SubscriptionRecord]):
    """With a button that renews, and a field for a file."""

    folder: ClassVar[str] = "settings_subscriptions"

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[Row]:
        """By name."""
        return sorted(tenant.rows[self.table].values(), key=lambda one: str(one["name"]).casefold())

    async def beside(self, board: Switchboard, tenant: TenantRows, rows: Sequence[Row]) -> dict[str, SubscriptionSeen]:
        """What each has met, by its id."""
        async with board.sessions() as session:
            hits = await hits_of(session, tenant.tenant_id, [row["id"] for row in rows])
        return {row["id"]: _seen(row, hits[row["id"]]) for row in rows}

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """A key that was not typed stays as it is; what the source has no use for counts for nothing."""
        source = form.text("source") if row is None else row["source"]
        fields: dict[str, object] = {
            "name": form.text("name"), "state": form.text("state"), "treatment": form.text_or_none("treatment"),
            "country": form.text_or_none("country"),
        }  # fmt: skip
        if row is None:
            fields["source"] = source
        if source in (SubscriptionSource.URL, SubscriptionSource.PHONEBLOCK):
            fields["url"] = form.text_or_none("url")
        if source == SubscriptionSource.PHONEBLOCK:
            if key := form.text_or_none("api_key"):
                fields["api_key"] = key
            if (votes := form.whole("min_votes")) is not None:
                fields["min_votes"] = votes
        return fields

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields; never the key."""
        if row is None:
            return {"state": SubscriptionState.SHADOW.value, "source": SubscriptionSource.URL.value, "min_votes": "4"}
        texts = {name: row[name] or "" for name in ("name", "source", "url", "country", "state", "treatment")}
        return texts | {"min_votes": str(row["min_votes"])}

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> SubscriptionChoices:
        """What there is to choose from."""
        return SubscriptionChoices(
            sources=[(one.value, source_words(one)) for one in SubscriptionSource],
            states=[(one.value, subscription_state_words(one)) for one in SubscriptionState],
            treatments=[
                ("", _("what the company has chosen")),
                *((one.value, treatment_words(one)) for one in Treatment if one is not Treatment.ALLOW),
            ],
        )

    async def notices(self, board: Switchboard, tenant: TenantRows, row: Row) -> Sequence[str]:
        """Why the last renewal has changed nothing."""
        return [fault] if (fault := fault_words(row)) else []

    def _add_routes(self) -> None:
        super()._add_routes()
        add = self.router.add_api_route
        add(self.path + "/{item_id}/renew", self._renew, methods=["POST"], name="renew_subscription_by_page")
        add(self.path + "/{item_id}/file", self._upload, methods=["POST"], name="upload_subscription_by_page")

    async def _renew(self, request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
        """Ask the source now; the page says how it went."""
        row = await self.row_or_404(board, who, item_id)
        confirmed = (await read_form(request)).is_ticked("confirmed")
        try:
            await renew_within(
                ground_of(board), who.tenant_id, item_id, who.actor, confirmed=confirmed, seconds=PATIENCE_SECONDS
            )
        except NotFound:
            raise
        except Problem as problem:
            return await self.draw_form(request, board, who, row, problem.status, problem=problem)
        return RedirectResponse(f"{self.path}/{item_id}", 303)

    async def _upload(self, request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
        """Take the file in place of what was there."""
        row = await self.row_or_404(board, who, item_id)
        try:
            sent = await uploaded(request, is_form=True)
            confirmed = (await read_form(request)).is_ticked("confirmed")
            await upload(ground_of(board), who.tenant_id, item_id, who.actor, sent.content, confirmed=confirmed)
        except NotFound:
            raise
        except Problem as problem:
            return await self._asked(request, board, who, row, problem)
        return RedirectResponse(f"{self.path}/{item_id}?saved=1", 303)

    async def _asked(
        self, request: Request, board: Switchboard, who: Who, row: Row, problem: Problem
    ) -> HTMLResponse:  # fmt: skip
        """What is wrong with a file, and whether it is to be taken all the same."""
        tenant = await tenant_of(board, who)
        doubted = isinstance(problem.cause, SuspiciousList)
        texts = {name: text for name, text in self.shown(tenant, row).items() if isinstance(text, str)}
        typed = TypedForm(texts | {"doubted": "1" if doubted else ""})
        return await self.draw_form(request, board, who, row, problem.status, problem=problem, typed=typed)


def _seen(row: Row, hits: Mapping[str, int]) -> SubscriptionSeen:
    state = SubscriptionState(row["state"])
    renewed_at, next_try_at = (datetime.fromisoformat(row[name]) if row[name] else None for name in _MOMENTS)
    return SubscriptionSeen(
        row["id"], row["name"], source_words(SubscriptionSource(row["source"])), subscription_state_words(state),
        state is SubscriptionState.SHADOW, state is SubscriptionState.OFF, row["source"] == SubscriptionSource.FILE,
        row["entries"], row["skipped"], hits["would_have_blocked"], hits["blocked"], renewed_at, next_try_at,
        fault_words(row), row["fault"] in _TO_CONFIRM,
    )  # fmt: skip


_MOMENTS: Final = ("renewed_at", "next_try_at")

PAGES = SubscriptionPages(SUBSCRIPTIONS)
