"""How the client who calls is to be treated: what their category says to do, and what else the card knows of them. It is
read from memory, and in the words of whoever reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.base.language import language
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from models import CategoryRule, ClientField, Company, OperatorRecord, ScriptRecord


class Step(NamedTuple):
    """A step of a script."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class HowToTreat:
    """``word`` says what to do, in ``colour``; ``required`` more of it; ``opening``, ``avoid`` and ``offer`` are the
    guidance. ``steps`` are those of the script in the reader's language, else the company's, else any. ``responsible`` is
    the name of the operator who looks after the client, ``fields`` are the company's own that are filled in."""

    category: str = ""
    word: str = ""
    colour: str = ""
    required: str = ""
    opening: str = ""
    avoid: str = ""
    offer: str = ""
    script: str = ""
    steps: tuple[Step, ...] = ()
    responsible: str = ""
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    card_number: str = ""

    @property
    def has_guidance(self) -> bool:
        """Whether there is something to be opened by a key."""
        return bool(self.opening or self.avoid or self.offer or self.steps)


NOTHING = HowToTreat()


def how_to_treat(client: Row | None, tenant: TenantRows) -> HowToTreat:
    """By what is known of ``client`` now."""
    if client is None:
        return NOTHING
    category: Row = tenant.rows[CategoryRule.__tablename__].get(client["category_id"] or "", {})
    guidance: Mapping[str, str] = category.get("guidance") or {}
    script: Row = tenant.rows[ScriptRecord.__tablename__].get(category.get("script_id") or "", {})
    operator: Row = tenant.rows[OperatorRecord.__tablename__].get(client.get("responsible_operator_id") or "", {})
    own = sorted(tenant.rows[ClientField.__tablename__].values(), key=lambda one: (one["position"], one["name"]))
    values: Row = client.get("fields") or {}
    return HowToTreat(
        category=category.get("name", ""),
        word=category.get("word") or category.get("name", ""),
        colour=category.get("colour", ""),
        required=category.get("required_treatment", ""),
        opening=guidance.get("opening", ""),
        avoid=guidance.get("avoid", ""),
        offer=guidance.get("offer", ""),
        script=script.get("name", ""),
        steps=_steps_of(script.get("steps") or {}, tenant),
        responsible=operator.get("name", ""),
        tags=tuple(client.get("tags", ())),
        fields=tuple((one["name"], str(values[one["id"]])) for one in own if one["id"] in values),
        card_number=client.get("card_number", ""),
    )


def _steps_of(steps: Mapping[str, list[dict[str, str]]], tenant: TenantRows) -> tuple[Step, ...]:
    company: Row = tenant.rows[Company.__tablename__].get(tenant.tenant_id, {})
    told = steps.get(language()) or steps.get(company.get("language", "")) or next(iter(steps.values()), [])
    return tuple(Step(one.get("title", ""), one.get("text", "")) for one in told)
