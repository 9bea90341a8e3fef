"""The numbers of a company's account at its provider, and how one is pointed here: by page and by API alike."""

import phonenumbers

from app.auth.principal import Principal
from app.auth.tenant import tenant_of
from app.base.errors import ChangedMeanwhile, NotFound
from app.base.problems.edits import EditFault
from app.base.problems.requests import RequestFault
from app.base.secrets_at_rest import SecretUnreadable
from app.company.lines import LINES, LineIn
from app.edits.confirmed_edit import confirmed_edit
from app.plan.live_plan import ProviderKeys
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.providers.addresses import Addresses
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.telephone.telephone import OwnNumber, Telephone
from app.web.schema import validated
from models import AuditEntry, LineRecord, ProviderAccount


async def account_or_404(board: Switchboard, who: Principal, account_id: str) -> tuple[TenantRows, Row]:
    """The company's account with this id. Raises :class:`NotFound`."""
    tenant = await tenant_of(board, who)
    account: Row | None = tenant.rows[ProviderAccount.__tablename__].get(account_id)
    if account is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return tenant, account


def telephone_of(board: Switchboard, account: Row) -> Telephone | None:
    """Of this very account; None without a key for its API."""
    try:
        secret = board.secret_box.decrypt(account["token"])
        api_token = board.secret_box.decrypt(account["api_token"]) if account["api_token"] else ""
    except SecretUnreadable:
        return None
    keys = ProviderKeys(
        account["provider"], account["account_sid"], secret, api_token, account["space"] or "",
        account["application"] or "",
    )  # fmt: skip
    return PROVIDERS[account["provider"]].telephone(account["tenant_id"], keys, board.telephones.means)


def line_of(tenant: TenantRows, there: OwnNumber) -> Row | None:
    """The line of the number."""
    rows = tenant.rows[LineRecord.__tablename__].values()
    return next((row for row in rows if row["number"] == there.number), None)


def leads_to(there: OwnNumber) -> str:
    """Where a number's calls go, as somebody is shown it; empty for nowhere."""
    return f"{there.led_by} {there.voice_url}".strip()


async def point_number_here(
    board: Switchboard, who: Principal, account_id: str, telephone: Telephone, number_id: str, before: str, label: str
) -> OwnNumber:
    """Add the number's line if it has none (called ``label``), and then point the number here: the first call finds the
    line. ``before`` is where its calls went when somebody looked.

    Raises :class:`NotFound`, :class:`ChangedMeanwhile` when they go elsewhere by now, another
    :class:`app.base.errors.Problem` for what is wrong with the line, and :class:`app.telephone.fault.TelephoneFault`.
    """
    tenant, account = await account_or_404(board, who, account_id)
    there = await telephone.number(number_id)
    if before != leads_to(there):
        raise ChangedMeanwhile(EditFault.CHANGED_MEANWHILE, field="before")
    await _keep_line(board, who, tenant, account, there, label)
    await telephone.point_here(number_id)
    await _note(board, who, account, there)
    return there


async def _keep_line(
    board: Switchboard, who: Principal, tenant: TenantRows, account: Row, there: OwnNumber, label: str
) -> None:
    line = line_of(tenant, there)
    if line is None:
        typed = {"number": there.number, "label": label, "provider": account["provider"]}
        if country := _country(there.number):
            typed["country"] = country
        fields = await LINES.prepare(board, validated(LineIn, typed).model_dump())
        async with confirmed_edit(board, who) as edit:
            await LINES.save(edit, fields)
    elif line["provider"] != account["provider"]:
        async with confirmed_edit(board, who) as edit:
            await LINES.save(edit, {"provider": account["provider"]}, line["id"])


async def _note(board: Switchboard, who: Principal, account: Row, there: OwnNumber) -> None:
    """What was changed at the provider, in the list of changes: the old addresses stand nowhere else."""
    ours = Addresses(board.settings.base_url, account["provider"], b"")
    before = {"number": there.number, "voice_url": leads_to(there), "status_url": there.status_url}
    async with board.sessions() as session, session.begin():
        session.add(
            AuditEntry(
                tenant_id=who.tenant_id, actor=who.actor, act="change", subject=ProviderAccount.__tablename__,
                row_id=account["id"], before=before,
                after={"number": there.number, "voice_url": ours.voice, "status_url": ours.status},
            )
        )  # fmt: skip


def _country(number: str) -> str:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:  # which whoever adds the line says
        return ""
