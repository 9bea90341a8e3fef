"""Which company a command is about."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.command import CommandFailed
from models import Company


async def chosen_company(session: AsyncSession, wanted: str | None) -> Company:
    """The only company, or the one of this id or name. Raises :class:`app.cli.command.CommandFailed`."""
    companies = (await session.scalars(select(Company).order_by(Company.created_at, Company.id))).all()
    if not companies:
        raise CommandFailed("There is no company yet; make one with `antichambre setup`.")
    if wanted is None:
        if len(companies) == 1:
            return companies[0]
        names = ", ".join(f"“{company.name}” ({company.id})" for company in companies[:10])
        raise CommandFailed(f"There are several companies; choose one with --company: {names}.")
    fitting = [one for one in companies if wanted == one.id] or [
        one for one in companies if wanted.strip().casefold() == one.name.casefold()
    ]
    if len(fitting) != 1:
        what = "no company of this id or name" if not fitting else "more than one company of this name; give the id"
        raise CommandFailed(f"There is {what}: {wanted[:100]}")
    return fitting[0]
