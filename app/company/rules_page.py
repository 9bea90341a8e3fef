"""``/settings/rules``: the company's own rules in their order, each told in words; moved by buttons or by dragging."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.auth.require import Board, Who
from app.base.language import gettext as _
from app.clients.tags_in_use import tags_in_use
from app.company.rules import RULES, move_rule
from app.edits.confirmed_edit import confirmed_edit
from app.plan.build_plan import rule as read_rule
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.resource_pages import ItemId, ResourcePages, Shown, named_rows, only_company, shown_spoken
from app.web.typed_form import TypedForm, read_form
from app.words.attestation_words import attestation_words
from app.words.rule_words import (
    consequence_words,
    hours_condition_words,
    kind_condition_words,
    rule_state_words,
    rule_words,
)
from app.words.unserved_words import unserved_words
from filters.attestation import Attestation
from models import CategoryRule, LineRecord, MenuRecord, QueueRecord, RuleRecord
from routing.rules import KINDS, RuleAction, RuleState
from routing.unserved import unserved_of_rule

_CONDITIONS: Final = ("country", "prefix", "kind", "name", "category_id", "tag", "line_id", "hours")
_COUNTED: Final = ("at_least", "within_minutes")
_TO_QUEUE: Final = frozenset({RuleAction.QUEUE, RuleAction.CONNECT})


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """A rule in the list. ``words`` is what it says, ``state`` its state in words, and ``missing`` are sentences."""

    id: str
    name: str
    position: int
    words: str
    state: str
    is_shadow: bool
    is_off: bool
    missing: list[str]


@dataclass(frozen=True, slots=True)
class RuleChoices:
    """What the lists of the form offer."""

    kinds: list[tuple[str, str]]
    attestations: list[tuple[str, str]]
    categories: list[tuple[str, str]]
    tags: list[str]
    lines: list[tuple[str, str]]
    hours: list[tuple[str, str]]
    actions: list[tuple[str, str]]
    queues: list[tuple[str, str]]
    menus: list[tuple[str, str]]
    states: list[tuple[str, str]]


class RulePages(ResourcePages[RuleRecord]):
    """The fields of the form are called as refusals of the API call them: ``when.country``, ``do.action``."""

    folder: ClassVar[str] = "settings_rules"
    moved_by_others: ClassVar[frozenset[str]] = frozenset({"position", "place_was"})

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[RuleSeen]:
        """In their order."""
        plan, language = tenant.plan, only_company(tenant)["language"]
        if plan is None:
            return []
        rows = sorted(tenant.rows[self.table].values(), key=lambda one: (one["position"], one["id"]))
        seen = []
        for row in rows:
            rule = read_rule(row, language)
            seen.append(
                RuleSeen(
                    rule.id, rule.name, row["position"], rule_words(rule, plan), rule_state_words(rule.state),
                    rule.state is RuleState.SHADOW, rule.state is RuleState.OFF,
                    [unserved_words(one) for one in unserved_of_rule(plan, rule, plan.lines.values()).values()],
                )
            )  # fmt: skip
        return seen

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """A queue or a menu that the action has no use for counts for nothing."""
        fields: dict[str, object] = {"name": form.text("name")}
        when: dict[str, object] = {name: form.text_or_none(f"when.{name}") for name in _CONDITIONS}
        when["attestation"] = form.chosen("when.attestation") or None
        counted = {name: form.whole(f"when.calls.{name}") for name in _COUNTED}
        if any(number is not None for number in counted.values()):
            when["calls"] = {name: number for name, number in counted.items() if number is not None}
        fields["when"] = when
        action = form.text("do.action")
        does: dict[str, object] = {"action": action, "text": form.spoken("do.text") or None}
        if action in _TO_QUEUE:
            does["queue_id"] = form.text_or_none("do.queue_id")
        if action == RuleAction.MENU:
            does["menu_id"] = form.text_or_none("do.menu_id")
        fields["do"] = does
        if "state" in form:
            fields["state"] = form.text("state")
        # The place of whoever did not touch it is left as it is: other rules may have moved this one meanwhile.
        if form.text("position") != form.text("place_was") and (position := form.whole("position")) is not None:
            fields["position"] = position
        return fields

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields."""
        none_chosen: list[str] = []
        if row is None:
            return {
                "state": RuleState.ACTIVE.value,
                "do.action": RuleAction.QUEUE.value,
                "when.attestation": none_chosen,
            }
        when, does = row["when"], row["do"]
        fields: dict[str, str | Sequence[str]] = {
            "name": row["name"], "state": row["state"], "position": str(row["position"]), "do.action": does["action"],
            "do.queue_id": does.get("queue_id", ""), "do.menu_id": does.get("menu_id", ""),
        }  # fmt: skip
        fields["place_was"] = fields["position"]
        fields |= {f"when.{name}": when.get(name, "") for name in _CONDITIONS}
        fields["when.attestation"] = list(when.get("attestation", none_chosen))
        fields |= {f"when.calls.{name}": str(number) for name, number in (when.get("calls") or {}).items()}
        text = does.get("text") or ""
        language = only_company(tenant)["language"]
        said = shown_spoken("do.text", language, *(("", text) if isinstance(text, dict) else (text, {})))
        return fields | said

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> RuleChoices:
        """What there is in the company."""
        any_of = _("does not matter")
        return RuleChoices(
            kinds=[("", any_of), *((kind.value, kind_condition_words(kind)) for kind in KINDS)],
            attestations=[(one.value, attestation_words(one) or _("no attestation")) for one in Attestation],
            categories=named_rows(tenant, CategoryRule, any_of),
            tags=tags_in_use(tenant),
            lines=named_rows(tenant, LineRecord, any_of),
            hours=[("", any_of), ("open", hours_condition_words(True)), ("closed", hours_condition_words(False))],
            actions=[(action.value, consequence_words(action, "…")) for action in RuleAction],
            queues=named_rows(tenant, QueueRecord, "–"),
            menus=named_rows(tenant, MenuRecord, "–"),
            states=[(state.value, rule_state_words(state)) for state in RuleState],
        )

    def _add_routes(self) -> None:
        super()._add_routes()
        self.router.add_api_route(self.path + "/{item_id}/move", self._move, methods=["POST"], name="move_rule")

    async def _move(self, request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
        """Put a rule ``before`` or ``after`` another one (its id); live when this answers. The place is told by a neighbour
        and not by a number: somebody may have moved rules since the list was drawn."""
        form = await read_form(request)
        async with confirmed_edit(board, who) as edit:
            has_moved = await move_rule(edit, item_id, before=form.text("before"), after=form.text("after"))
        return RedirectResponse(f"{self.path}?moved=1#rule-{item_id}" if has_moved else self.path, 303)


PAGES = RulePages(RULES)
