"""``/rules``: the company's own rules, asked in their order after the lists and categories."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import Field
from sqlalchemy import select
from typing_extensions import TypedDict

from app.base import limits
from app.base.errors import Conflict, Unprocessable
from app.base.problems.company import CompanyFault, RuleNeeds, RuleTakesNo, UnknownTarget
from app.base.problems.numbers import PatternNotRead
from app.clients.several_values import read_several
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.edits.place import read_country
from app.plan.rows import Row, as_row
from app.web.resource import Resource
from app.web.schema import CountryCode, Id, Input, Language, Name, Spoken, Stored
from filters.attestation import Attestation
from filters.number import calling_code
from filters.pattern import PatternFault, PatternKind, PatternUnreadable, read_pattern
from models import CategoryRule, Company, LineRecord, MenuRecord, QueueRecord, RuleRecord
from models.base import Identified
from routing.rules import LONGEST_WITHIN_MINUTES, MOST_CALLS, RuleAction, RuleState, folded_name

_WHEN: Final[list[dict[str, object]]] = [{"country": "ES", "hours": "open"}]
_DO: Final[list[dict[str, str]]] = [{"action": "menu", "menu_id": "01kfx3v9q2abcdefghjk"}]
Kind = Literal["withheld", "unavailable", "sip", "short_code"]
Hours = Literal["open", "closed"]


class CallsCounted(Input):
    """The number calls repeatedly."""

    at_least: int = Field(ge=2, le=MOST_CALLS, description="Calls of the number, this one included.", examples=[3])
    within_minutes: int = Field(ge=1, le=LONGEST_WITHIN_MINUTES, examples=[10])


class Conditions(Input):
    """Whom the rule means: everything that is given must hold, and something must be given."""

    country: CountryCode | None = Field(None, description="The country of the caller's number.")
    prefix: str | None = Field(
        None, min_length=1, max_length=limits.TYPED_NUMBER, examples=["+3491"],
        description="What the caller's number begins with; national forms are those of the company's country.",
    )  # fmt: skip
    kind: Kind | None = Field(None, description="What the caller shows in place of a number.")
    attestation: Annotated[list[Attestation], Field(min_length=1, max_length=len(Attestation))] | None = Field(
        None, description="Any of these levels of what the network vouches for."
    )
    name: Name | None = Field(None, description="What the caller ID name contains, whatever its case.")
    category_id: Id | None = Field(
        None, description="The known client's category, where the category itself sends the call nowhere."
    )
    tag: str | None = Field(
        None, min_length=1, max_length=limits.TAG, pattern=r"\S", examples=["fair 2026"],
        description="A tag of the known client, whatever its case; of all who use the number, if several do.",
    )  # fmt: skip
    line_id: Id | None = Field(None, description="The called line.")
    hours: Hours | None = Field(None, description="Whether the line is open; a line without hours always is.")
    calls: CallsCounted | None = Field(None, description="How often the number has called lately.")


class Consequence(Input):
    """What is done with the caller."""

    action: RuleAction = Field(
        description="`connect` rings the queue's operators one after the other, and never management. `fake_queue` keeps "
        "the company's caps. `reject`, `ring_out` and `fake_queue` never meet a protected number."
    )
    queue_id: Id | None = Field(None, description="For `queue`, and for `connect`, where null means the line's.")
    menu_id: Id | None = Field(None, description="For `menu`.")
    text: Spoken | dict[Language, Spoken] | None = Field(
        None, description="Said, by language or in the company's: for `message` all of it, else before the rest."
    )


class RuleIn(Input):
    """A rule."""

    name: Name = Field(examples=["Callers from Spain"])
    when: Conditions = Field(examples=_WHEN)
    do: Consequence = Field(examples=_DO)
    state: RuleState = Field(
        RuleState.ACTIVE, description="`shadow` decides nothing: what the rule would do is in the trace of each call."
    )
    position: int | None = Field(
        None, ge=1, le=limits.RULES,
        description="Its place, from 1; the others are renumbered. Null: the last.",
    )  # fmt: skip


class CallsCountedOut(TypedDict):
    """The number calls repeatedly."""

    at_least: int
    within_minutes: int


class ConditionsOut(TypedDict, total=False):
    """Whom the rule means, without what was not given."""

    country: str
    prefix: str
    kind: str
    attestation: list[str]
    name: str
    category_id: str
    tag: str
    line_id: str
    hours: str
    calls: CallsCountedOut


class ConsequenceOut(TypedDict, total=False):
    """What is done with the caller, without what was not given; the action is always there."""

    action: str
    queue_id: str
    menu_id: str
    text: str | dict[str, str]


class RuleOut(Stored):
    """A rule as stored."""

    name: str
    when: ConditionsOut
    do: ConsequenceOut
    state: RuleState
    position: int


_NEEDS: Final[dict[RuleAction, frozenset[str]]] = {
    RuleAction.QUEUE: frozenset({"queue_id"}),
    RuleAction.MENU: frozenset({"menu_id"}),
}
_TAKES: Final[dict[RuleAction, frozenset[str]]] = {
    RuleAction.QUEUE: frozenset({"queue_id", "text"}),
    RuleAction.CONNECT: frozenset({"queue_id"}),
    RuleAction.MENU: frozenset({"menu_id", "text"}),
    RuleAction.MESSAGE: frozenset({"text"}),
    RuleAction.VOICEMAIL: frozenset({"text"}),
}
_NAMED: Final[dict[str, tuple[str, type[Identified]]]] = {
    "do.queue_id": ("queue", QueueRecord),
    "do.menu_id": ("menu", MenuRecord),
    "when.category_id": ("category", CategoryRule),
    "when.line_id": ("line", LineRecord),
}


class Rules(Resource[RuleRecord]):
    """A rule means somebody, leads to something that is there, and has a place of its own."""

    async def check(self, edit: Edit, fields: Row, record: RuleRecord | None) -> None:
        """Raises :class:`Unprocessable` naming the field."""
        if "when" in fields:
            fields["when"] = await _read_conditions(edit, fields["when"])
        if "do" in fields:
            fields["do"] = await _read_consequence(edit, fields["do"])
        if "position" in fields:
            others = len(await _in_order(edit)) - (record is not None)
            if record is None and others >= limits.RULES:
                raise Conflict(CompanyFault.TOO_MANY_RULES)
            fields["position"] = min(fields["position"] or limits.RULES, others + 1)

    async def check_saved(self, edit: Edit, row: Row) -> None:
        """Renumber the others around it."""
        others = [one for one in await _in_order(edit) if one.id != row["id"]]
        places = [place for place in range(1, len(others) + 2) if place != row["position"]]
        await _place(edit, others, places)

    async def delete(self, edit: Edit, row_id: str) -> None:
        """Delete a rule; those behind it move up. Raises :class:`NotFound`."""
        await super().delete(edit, row_id)
        rules = await _in_order(edit)
        await _place(edit, rules, range(1, len(rules) + 1))


RULES = Rules(
    RuleRecord, RuleIn, "rule", out=RuleOut, finds=[RuleRecord.name], in_order_of=RuleRecord.position,
    about="The company's own rules. They are asked in their order, after VIPs, blacklist and categories and before opening "
    "hours; the first active one that holds decides.",
    lists="All rules, in their order.", reads="One rule.",
    adds="Add a rule, at the end unless it is given a `position`.",
    changes="Change the fields that are given; `when` and `do` are replaced as a whole; a new `position` moves the rule.",
    deletes="Delete a rule.",
)  # fmt: skip


async def move_rule(edit: Edit, rule_id: str, *, before: str = "", after: str = "") -> bool:
    """Let a rule be asked ``before`` another one, or else ``after`` it, right beside it; False where that is so already, or
    where the other one has gone. Raises :class:`NotFound`."""
    await take_turn(edit)
    rule = await find_or_404(edit, RuleRecord, rule_id)
    order = [one.id for one in await _in_order(edit)]
    beside, here = before or after, order.index(rule.id)
    if beside not in order or beside == rule.id or (here < order.index(beside)) is bool(before):
        return False
    order.remove(rule.id)
    place = order.index(beside) + (1 if before else 2)
    await RULES.save(edit, {"position": place}, rule.id)
    return True


async def _in_order(edit: Edit) -> Sequence[RuleRecord]:
    mine = select(RuleRecord).where(RuleRecord.tenant_id == edit.tenant_id)
    return (await edit.session.scalars(mine.order_by(RuleRecord.position, RuleRecord.id))).all()


async def _place(edit: Edit, rules: Sequence[RuleRecord], places: Sequence[int]) -> None:
    for rule, place in zip(rules, places, strict=True):
        if rule.position != place:
            before = as_row(rule)
            rule.position = place
            await edit.record_changed(rule, before, "move")


async def _read_conditions(edit: Edit, given: Row) -> Row:
    """The conditions that are set, as they are stored."""
    asked = {name: value for name, value in given.items() if value is not None}
    if not asked:
        raise Unprocessable(CompanyFault.RULE_MEANS_EVERYBODY, field="when")
    if "country" in asked:
        try:
            asked["country"] = read_country(asked["country"])
        except Unprocessable as error:
            raise Unprocessable(error.cause, field="when.country") from error
    if "prefix" in asked:
        company = await edit.session.get_one(Company, edit.tenant_id)
        asked["prefix"] = _read_prefix(asked["prefix"], company.country)
    if "name" in asked and not folded_name(asked["name"]):
        raise Unprocessable(CompanyFault.NAME_NOT_VISIBLE, field="when.name")
    if "tag" in asked:
        try:
            (asked["tag"],) = read_several("tags", [asked["tag"]])
        except Unprocessable as error:
            raise Unprocessable(error.cause, field="when.tag") from error
    if "attestation" in asked:
        asked["attestation"] = [one.value for one in dict.fromkeys(map(Attestation, asked["attestation"]))]
    await _must_be_there(edit, "when", asked)
    return asked


def _read_prefix(text: str, country: str) -> str:
    try:
        return read_pattern(PatternKind.PREFIX, text, None, country).number
    except PatternUnreadable as error:
        if error.fault is PatternFault.PREFIX_IS_A_COUNTRY and calling_code(error.text) is not None:
            return error.text  # several countries may share one calling code
        raise Unprocessable(PatternNotRead.of(error), field="when.prefix") from error


async def _read_consequence(edit: Edit, given: Row) -> Row:
    """The action and what it needs, as it is stored."""
    action = RuleAction(given["action"])
    text = given.get("text")
    if isinstance(text, dict):
        text = {code: said for code, said in text.items() if said.strip()}
    wanted = {"queue_id": given.get("queue_id"), "menu_id": given.get("menu_id"), "text": text or None}
    named = {name: value for name, value in wanted.items() if value is not None}
    for name in sorted(named.keys() - _TAKES.get(action, frozenset())):
        raise Unprocessable(RuleTakesNo(action, name), field=f"do.{name}")
    for name in sorted(_NEEDS.get(action, frozenset()) - named.keys()):
        raise Unprocessable(RuleNeeds(action, name), field=f"do.{name}")
    await _must_be_there(edit, "do", named)
    return {"action": action.value} | named


async def _must_be_there(edit: Edit, part: str, named: Row) -> None:
    for field, (kind, model) in _NAMED.items():
        of, _, name = field.partition(".")
        if of != part or name not in named:
            continue
        there = select(model.id).where(model.tenant_id == edit.tenant_id, model.id == named[name])
        if await edit.session.scalar(there) is None:
            raise Unprocessable(UnknownTarget(kind), field=field)
