"""What else to offer a client. Pure: the same products and states give the same answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from models.segment import ProductStanding

ASKED_AGAIN_AFTER: Final = timedelta(days=30)
"""What was offered is not offered again before."""


@dataclass(frozen=True, slots=True)
class ProductFor:
    """A product as it stands to one client: whether it is ``meant`` for one of the client's segments, ``standing`` since
    ``at`` (None for one of which nothing was said)."""

    id: str
    name: str
    meant: bool
    standing: ProductStanding
    at: date | None = None
    buyers: int = 0


def product_to_offer(products: Iterable[ProductFor], today: date) -> ProductFor | None:
    """The one product that is meant for the client and that they neither have nor have refused: one that was never offered
    before one that was some time ago, then the one that most others bought, then by name. None where there is none."""
    possible = [
        one
        for one in products
        if one.meant
        and (
            one.standing is ProductStanding.NOT_YET
            or (one.standing is ProductStanding.OFFERED and (one.at is None or one.at + ASKED_AGAIN_AFTER <= today))
        )
    ]
    return min(
        possible,
        key=lambda one: (one.standing is not ProductStanding.NOT_YET, -one.buyers, one.name, one.id),
        default=None,
    )


def segments_of_client(abc: str | None, xyz: str | None, life_cycle: str) -> frozenset[str]:
    """The codes of the segments of which somebody is."""
    codes = {abc, xyz, f"{abc}{xyz}" if abc and xyz else None, life_cycle}
    return frozenset(one for one in codes if one is not None)
