"""What ``antichambre doctor`` finds of the providers' REST APIs: whether running calls can be moved through them."""

from datetime import UTC, datetime

import httpx
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.base.database import create_engine, session_maker
from app.base.language import gettext as _
from app.base.secrets_at_rest import SecretBox, SecretUnreadable, derive
from app.base.settings import Settings
from app.cli.condition import Condition, Level
from app.plan.live_plan import ProviderKeys
from app.providers.registry import PROVIDERS
from app.telephone.fault import Fault, TelephoneFault
from app.telephone.means import Means
from app.telephone.reach import Reach
from models import ProviderAccount


async def check_providers(settings: Settings, database_url: str) -> list[Condition]:
    """One condition for each account; none where there is no account yet, or no table of accounts."""
    engine = create_engine(database_url)
    try:
        async with session_maker(engine)() as session:
            accounts = list(await session.scalars(select(ProviderAccount).order_by(ProviderAccount.id)))
    except (SQLAlchemyError, OSError, TimeoutError):
        return []  # said of the database and its schema
    finally:
        await engine.dispose()
    async with httpx.AsyncClient() as http:
        reach = Reach(lambda: datetime.now(UTC))
        means = Means(http, reach, settings.base_url, derive(settings.key, "steps"), settings.twilio_api_url)
        return [await _check(account, SecretBox(settings.key), means) for account in accounts]


async def _check(account: ProviderAccount, box: SecretBox, means: Means) -> Condition:
    provider = PROVIDERS[account.provider]
    try:
        secret = box.decrypt(account.token)
        api_token = box.decrypt(account.api_token) if account.api_token else ""
    except SecretUnreadable:
        found = _("The account's keys were saved with another ANTICHAMBRE_SECRET_KEY; start with that one.")
        return Condition("provider_api", Level.FAIL, found)
    space, application = account.space or "", account.application or ""
    keys = ProviderKeys(provider.name, account.account_sid, secret, api_token, space, application)
    telephone = provider.telephone(account.tenant_id, keys, means)
    if telephone is None:
        found = _(
            "%(provider)s: no key for the REST API, so calls are moved more slowly. Give the account an api_token.",
            provider=provider.title,
        )
        return Condition("provider_api", Level.WARN, found)
    try:
        await telephone.look()
    except TelephoneFault as fault:
        if fault.fault is Fault.REFUSED:
            found = _("%(provider)s refuses our key: check the account's id and its token.", provider=provider.title)
        else:
            found = _(
                "%(provider)s's REST API does not respond; calls are moved more slowly. Is the way out to it open?",
                provider=provider.title,
            )
        return Condition("provider_api", Level.WARN, found)
    return Condition("provider_api", Level.OK, _("%(provider)s responds", provider=provider.title))
