"""The tags that a company's clients have."""

from collections import Counter
from typing import Final

from app.plan.tenant_rows import TenantRows
from models import ClientCard

_OFFERED: Final = 200


def tags_in_use(tenant: TenantRows) -> list[str]:
    """The tags to be offered, by name: of very many those that most clients have."""
    count = Counter(tag for row in tenant.rows[ClientCard.__tablename__].values() for tag in row.get("tags", ()))
    return sorted((tag for tag, _count in count.most_common(_OFFERED)), key=str.casefold)
