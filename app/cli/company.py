"""Which company a command is about."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.language import gettext as _
from app.cli.command import CommandFailed
from models import Company


async def chosen_company(session: AsyncSession, wanted: str | None) -> Company:
    """The only company, or the one with this id or name. Raises :class:`app.cli.command.CommandFailed`."""
    companies = (await session.scalars(select(Company).order_by(Company.created_at, Company.id))).all()
    if not companies:
        raise CommandFailed(_("There is no company yet; make one with `antichambre setup`."))
    if wanted is None:
        if len(companies) == 1:
            return companies[0]
        names = ", ".join(f"“{company.name}” ({company.id})" for company in companies[:10])
        raise CommandFailed(_("There are several companies; choose one with --company: %(names)s.", names=names))
    fitting = [one for one in companies if wanted == one.id] or [
        one for one in companies if wanted.strip().casefold() == one.name.casefold()
    ]
    if not fitting:
        raise CommandFailed(_("No company has this id or name: %(wanted)s", wanted=wanted[:100]))
    if len(fitting) > 1:
        raise CommandFailed(_("Several companies have this name; give the id: %(wanted)s", wanted=wanted[:100]))
    return fitting[0]
