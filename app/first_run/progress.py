"""How far a company is set up: seen from what there is, so that it can be taken up again anywhere, in any order."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from app.base.language import gettext as _
from app.first_run.simulated_account import is_simulated
from app.plan.tenant_rows import TenantRows
from models import BlacklistEntry, LineRecord, OperatorRecord, ProviderAccount, VipEntry


class Step(StrEnum):
    """The steps, in their order."""

    ADMIN = "admin"
    ADDRESS = "address"
    PROVIDER = "provider"
    HOURS = "hours"
    PEOPLE = "people"
    LISTS = "lists"

    @property
    def words(self) -> str:
        """In the language of whoever looks."""
        match self:
            case Step.ADMIN:
                return _("You and your company")
            case Step.ADDRESS:
                return _("Public address")
            case Step.PROVIDER:
                return _("Provider")
            case Step.HOURS:
                return _("Opening hours and holidays")
            case Step.PEOPLE:
                return _("Who is rung")
            case Step.LISTS:
                return _("VIPs and unwanted callers")
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class StepSeen:
    """A step in the list of them."""

    step: Step
    title: str
    is_done: bool


def progress(tenant: TenantRows, base_url: str) -> list[StepSeen]:
    """Every step, and whether there is something to be seen of it."""
    return [StepSeen(one, one.words, _is_done(one, tenant, base_url)) for one in Step]


def next_step(after: Step) -> Step | None:
    """The one that follows; None after the last."""
    steps = [*Step]
    number = steps.index(after) + 1
    return steps[number] if number < len(steps) else None


def _is_done(step: Step, tenant: TenantRows, base_url: str) -> bool:
    operators = tenant.rows[OperatorRecord.__tablename__].values()
    match step:
        case Step.ADMIN:
            return True
        case Step.ADDRESS:
            return base_url.startswith("https://")
        case Step.PROVIDER:
            return any(not is_simulated(row) for row in tenant.rows[ProviderAccount.__tablename__].values())
        case Step.HOURS:
            return any(row["hours_id"] for row in tenant.rows[LineRecord.__tablename__].values())
        case Step.PEOPLE:
            return any(row["management"] for row in operators) and any(row["queue_ids"] for row in operators)
        case Step.LISTS:
            return bool(tenant.rows[VipEntry.__tablename__] or tenant.rows[BlacklistEntry.__tablename__])
        case _:
            assert_never(step)
