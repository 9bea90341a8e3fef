"""A company's first steps: the tenant, its provider account, one line, a queue, one admin and one API key."""

import secrets
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.auth.account_name import account_name
from app.auth.api_keys import key_record, new_api_key
from app.auth.passwords import hash_password
from app.auth.roles import Role, Scope
from app.base.email_address import is_email_address
from app.base.errors import Conflict, NameTaken, Problem, Unprocessable
from app.base.language import gettext as _
from app.base.language import speaking
from app.base.problems.company import AccountNotValid, KeyNotValid
from app.base.problems.numbers import NumberNotRead
from app.base.problems.people import PeopleFault
from app.base.secrets_at_rest import SecretBox
from app.base.text import can_be_seen
from app.company.accounts import provider_named, refuse_taken_account
from app.company.operators import OPERATORS, is_one_telephone
from app.company.start_set import add_start_set
from app.edits.edit import Edit, editing
from app.edits.place import check_place
from app.people.password_rules import check_password
from app.plan.rows import Row
from app.words.unserved_words import SetUpWarning, warn_of_unserved, warn_of_vips
from filters.number import NumberUnreadable, read_number
from models import Company, LineRecord, ProviderAccount, QueueRecord, UserAccount
from models.base import new_id
from routing.plan import Service
from routing.unserved import Unserved


class Person(NamedTuple):
    """Somebody who is rung: at a number in any form, ``sip:user@host`` or ``client:identity``. Without a name they are
    called after what they do."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class CompanyForm:
    """What has to be known about a company; ``line`` in any form that is dialled in ``country``; ``secret`` is what
    signs the provider's requests, or verifies them; ``api_token`` opens its REST API where that secret does not, and new
    calls are placed by ``application`` where it wants one.
    ``management`` is rung for VIPs, ``operators`` for everybody else. A ``bare`` company begins without the categories and
    the script of :mod:`app.company.start_set`."""

    company: str
    line: str
    country: str
    time_zone: str
    language: str
    account: str
    secret: str
    admin_email: str
    admin_password: str | None = None
    provider: str = "twilio"
    space: str | None = None
    api_token: str | None = None
    management: tuple[Person, ...] = ()
    operators: tuple[Person, ...] = ()
    application: str | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class NewCompany:
    """What was made. ``admin_password`` and ``api_key`` are shown once; ``warnings`` say where callers would meet nobody."""

    tenant: str
    line: str
    line_id: str
    queue_id: str
    admin_email: str
    admin_password: str
    api_key: str
    warnings: tuple[SetUpWarning, ...] = ()


async def set_up_company(
    sessions: async_sessionmaker[AsyncSession], secret_box: SecretBox, form: CompanyForm, *, as_first: bool = False
) -> NewCompany:
    """Make the company, all of it or nothing; ``as_first``: only where there is none yet. Raises :class:`Problem` naming the
    field at fault, :class:`Conflict` where there is one."""
    number = _checked(form)
    tenant_id, password, api_key = new_id(), form.admin_password or secrets.token_urlsafe(12), new_api_key()
    with speaking(form.language):
        queue_name, line_label = _("Reception"), _("Main line")
        of_management, of_operators = _("Management"), _("Operator")
    async with editing(sessions, tenant_id, "setup") as edit:
        if as_first:
            await _refuse_second(edit)
        await _refuse_taken(edit, form, secret_box)
        await edit.record_added(
            Company(
                id=tenant_id, name=form.company.strip(), country=form.country.upper(), time_zone=form.time_zone,
                language=form.language,
            )
        )  # fmt: skip
        await edit.record_added(
            ProviderAccount(
                tenant_id=tenant_id,
                provider=form.provider,
                account_sid=form.account,
                token=secret_box.encrypt(form.secret),
                api_token=secret_box.encrypt(form.api_token) if form.api_token else None,
                space=form.space,
                application=form.application,
            )
        )
        queue = await edit.record_added(QueueRecord(tenant_id=tenant_id, name=queue_name))
        line = await edit.record_added(
            LineRecord(
                tenant_id=tenant_id,
                number=number,
                provider=form.provider,
                label=line_label,
                country=form.country.upper(),
                time_zone=form.time_zone,
                language=form.language,
            )
        )
        both = _who_are_both(form)
        for position, one in enumerate(form.management):
            row: Row = {"name": one.name.strip() or of_management, "management": True, "position": position}
            if (as_operator := both.get(one)) is not None:
                row |= {"name": as_operator.name.strip() or row["name"], "queue_ids": [queue["id"]]}
            await _add_person(edit, row, one, "management")
        for position, one in enumerate(form.operators):
            if one not in both.values():
                row = {"name": one.name.strip() or of_operators, "queue_ids": [queue["id"]], "position": position}
                await _add_person(edit, row, one, "operator")
        if not form.bare:
            await add_start_set(edit, form.language)
        edit.session.add(
            UserAccount(
                tenant_id=tenant_id,
                email=account_name(form.admin_email),
                name=form.admin_email.partition("@")[0],
                role=Role.ADMIN.value,
                password_hash=hash_password(password),
            )
        )
        edit.session.add(key_record(tenant_id, "setup", list(Scope), api_key))
    warnings = []
    if not form.operators:
        warnings.append(warn_of_unserved(Unserved(line_label, queue_name, Service.NOBODY)))
    if not (form.management or form.operators):
        warnings.append(warn_of_vips())
    return NewCompany(
        tenant_id, number, line["id"], queue["id"], account_name(form.admin_email), password, api_key, tuple(warnings)
    )  # fmt: skip


def _who_are_both(form: CompanyForm) -> dict[Person, Person]:
    """Those of management who are operators too, by the same telephone; and as what they were given there."""
    country = form.country.upper()
    return {
        one: other
        for one in form.management
        for other in form.operators[::-1]
        if is_one_telephone(one.address, other.address, country)
    }


async def _add_person(edit: Edit, row: Row, person: Person, field: str) -> None:
    """Raises :class:`Problem` naming the option of the command."""
    try:
        await OPERATORS.save(edit, row | {"address": person.address})
    except Problem as problem:
        problem.field = field
        raise


def _checked(form: CompanyForm) -> str:
    if not can_be_seen(form.company):
        raise Unprocessable(PeopleFault.COMPANY_NAME_MISSING, field="company")
    check_place({"country": form.country, "time_zone": form.time_zone, "language": form.language})
    provider = provider_named(form.provider)
    if not provider.is_account(form.account):
        raise Unprocessable(AccountNotValid(provider.name), field="account")
    if not provider.is_key(form.secret):
        raise Unprocessable(KeyNotValid(provider.name), field="secret")
    if not is_email_address(account_name(form.admin_email)):
        raise Unprocessable(PeopleFault.EMAIL_NOT_VALID, field="admin_email")
    if form.admin_password is not None:
        check_password(form.admin_password, form.admin_email, form.company, field="admin_password")
    try:
        return read_number(form.line, form.country.upper())
    except NumberUnreadable as error:
        raise Unprocessable(NumberNotRead.of(error), field="line") from error


async def _refuse_second(edit: Edit) -> None:
    """Whoever asks meanwhile, on whatever host, waits for this edit to end."""
    await edit.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('antichambre first company'))"))
    if await edit.session.scalar(select(Company.id).limit(1)) is not None:
        raise Conflict(PeopleFault.SET_UP_ALREADY)


async def _refuse_taken(edit: Edit, form: CompanyForm, secret_box: SecretBox) -> None:
    provider = provider_named(form.provider)
    await refuse_taken_account(edit, provider, form.account, form.secret, secret_box, "account")
    if await edit.session.scalar(select(UserAccount.id).where(UserAccount.email == account_name(form.admin_email))):
        raise NameTaken(PeopleFault.EMAIL_TAKEN, field="admin_email")
