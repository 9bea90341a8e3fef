"""What each step of the first run makes, by the same rules as the pages and the API."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.base.errors import Unprocessable
from app.base.language import gettext as _
from app.base.problems.people import PeopleFault
from app.base.secrets_at_rest import SecretBox
from app.company.accounts import AccountIn, given_fields, remove_account, save_new_account
from app.company.holidays import HOLIDAYS, HolidayIn
from app.company.hours import HOURS, HoursIn
from app.company.hours_page import read_typed_intervals
from app.company.lines import LINES
from app.company.operators import OPERATORS, OperatorIn, is_one_telephone
from app.edits.confirmed_edit import problem_of
from app.edits.edit import Edit
from app.first_run.simulated_account import is_simulated
from app.lists.edit_lines import Pasting, Verdict, add_lines
from app.lists.entry import BlacklistIn, VipIn
from app.lists.pasted_lines import read_pasted
from app.plan.build_plan import WEEKDAYS
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.web.resource_pages import only_company
from app.web.schema import validated
from app.web.typed_form import TypedForm
from models import Company, HolidayRecord, LineRecord, OpeningHours, OperatorRecord, ProviderAccount, QueueRecord
from models.list_name import ListName

PEOPLE: Final = 6
"""How many operators the form has room for; more are added under *Settings*."""


async def enter_account(edit: Edit, form: TypedForm, tenant: TenantRows, secret_box: SecretBox) -> str:
    """The account at the provider in place of the simulated one, which goes; the lines are its own from now on. Returns its
    id."""
    typed: dict[str, object] = {"provider": form.text("provider"), "account_sid": form.text("account_sid")}
    typed |= {name: SecretStr(text) for name in ("token", "api_token") if (text := form.text(name))}
    typed |= {name: text for name in ("space", "application") if (text := form.text(name))}
    fields = given_fields(validated(AccountIn, typed), set(AccountIn.model_fields))
    added = await save_new_account(edit, fields, secret_box)
    for line in tenant.rows[LineRecord.__tablename__].values():
        await LINES.save(edit, {"provider": fields["provider"]}, line["id"])
    for account in [*tenant.rows[ProviderAccount.__tablename__].values()]:
        if is_simulated(account):
            await remove_account(edit, account["id"])
    added_id: str = added["id"]
    return added_id


def week_kept(tenant: TenantRows) -> Row | None:
    """The opening hours that this step is about when it is taken up again: those of the first line that has any, else those
    that are called as the step would call them."""
    weeks = tenant.rows[OpeningHours.__tablename__]
    lines = sorted(tenant.rows[LineRecord.__tablename__].values(), key=lambda line: str(line["id"]))
    for line in lines:
        if line["hours_id"]:
            return weeks[line["hours_id"]]
    return next((week for week in weeks.values() if week["name"] == _("Office")), None)


async def keep_hours(edit: Edit, form: TypedForm, tenant: TenantRows) -> None:
    """The week that lines keep already, or a new one, for every line that has none; and the country's holidays, which are
    observed or not as the form says."""
    days = {day: read_typed_intervals(form.text(f"day_{day}")) for day in WEEKDAYS}
    week = validated(HoursIn, {"name": _("Office"), "days": {day: texts for day, texts in days.items() if texts}})
    kept = week_kept(tenant)
    hours = await HOURS.save(
        edit, {"days": week.model_dump()["days"]} if kept else week.model_dump(), kept["id"] if kept else None
    )
    for line in tenant.rows[LineRecord.__tablename__].values():
        if not line["hours_id"]:
            await LINES.save(edit, {"hours_id": hours["id"]}, line["id"])
    country = form.text("holidays").upper()
    if country and not observes_country(tenant):
        await HOLIDAYS.save(edit, validated(HolidayIn, {"country": country}).model_dump())
    elif not country:
        for row in _of_country(tenant):
            if not row["subdivision"] and not row["lines"]:  # as this step makes it; what is finer was made elsewhere
                await HOLIDAYS.delete(edit, row["id"])


def observes_country(tenant: TenantRows) -> bool:
    """Whether the holidays of the company's country are observed, or those of a part of it."""
    return bool(_of_country(tenant))


def _of_country(tenant: TenantRows) -> list[Row]:
    country = only_company(tenant)["country"]
    return [row for row in tenant.rows[HolidayRecord.__tablename__].values() if row["country"] == country]


def rung_now(tenant: TenantRows) -> list[Row]:
    """Who is rung already: management first, then by place."""
    operators = tenant.rows[OperatorRecord.__tablename__].values()
    return sorted(operators, key=lambda row: (not row["management"], row["position"], row["id"]))


async def ring_people(edit: Edit, form: TypedForm) -> None:
    """Management and operators, each with a telephone; the operators serve every queue, and so does management that is
    entered among them with the same telephone. Where somebody is rung already nobody need be added. Raises :class:`Problem`
    naming the row of the form."""
    queues = await edit.session.scalars(select(QueueRecord.id).where(QueueRecord.tenant_id == edit.tenant_id))
    queue_ids = [*queues]
    rows: list[tuple[str, Row]] = [("manager", {"management": True})]
    rows += [(f"operator_{number}", {"queue_ids": queue_ids, "position": number}) for number in range(PEOPLE)]
    country = (await edit.session.get_one(Company, edit.tenant_id)).country
    manager = form.text("manager_address")
    both = [
        name for name, _more in rows[1:] if manager and is_one_telephone(form.text(f"{name}_address"), manager, country)
    ]
    added = 0
    for name, more in rows:
        address = form.text(f"{name}_address")
        if not address or (both and name == "manager"):
            continue
        if name in both[:1]:
            more |= {"management": True}
        typed: Row = {
            "name": form.text(f"{name}_name")
            or (form.text("manager_name") if name in both else "")
            or (_("Management") if name == "manager" else _("Operator")),
            "address": address,
        } | more
        try:
            await OPERATORS.save(edit, validated(OperatorIn, typed).model_dump())
        except (Unprocessable, IntegrityError) as error:
            problem = problem_of(error) if isinstance(error, IntegrityError) else error
            problem.field = f"{name}_{problem.field}"
            raise problem from error
        added += 1
    anybody = select(OperatorRecord.id).where(OperatorRecord.tenant_id == edit.tenant_id).limit(1)
    if not added and await edit.session.scalar(anybody) is None:
        raise Unprocessable(PeopleFault.NOBODY_IS_RUNG, field="operator_0_address")


async def fill_lists(edit: Edit, form: TypedForm) -> Mapping[ListName, Sequence[Verdict]]:
    """VIPs and blacklisted callers, one on each line; returns what could not be added to each list, and why."""
    left: dict[ListName, Sequence[Verdict]] = {}
    for name, shared in ((ListName.VIP, VipIn), (ListName.BLACKLIST, BlacklistIn)):
        pasted = read_pasted(form.text(name.value))
        if pasted:
            left[name] = (await add_lines(edit, Pasting(name, pasted, shared(number="-")), edit.now))[1]
    return left
