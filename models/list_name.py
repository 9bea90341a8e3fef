"""The two lists, and which is the other one."""

from enum import StrEnum

from filters.clients import Standing
from models import BlacklistEntry, VipEntry


class ListName(StrEnum):
    """A list of numbers, by its name in the API."""

    VIP = "vip"
    BLACKLIST = "blacklist"

    @property
    def other(self) -> "ListName":
        """The list that says the opposite."""
        return ListName.BLACKLIST if self is ListName.VIP else ListName.VIP

    @property
    def model(self) -> type[VipEntry] | type[BlacklistEntry]:
        """The list's table."""
        return VipEntry if self is ListName.VIP else BlacklistEntry

    @property
    def standing(self) -> Standing:
        """The standing of a client that says the same as being on this list."""
        return Standing.VIP if self is ListName.VIP else Standing.BLACKLISTED


def list_of(standing: Standing) -> ListName | None:
    """The list that says the same as a client's standing; None for an ordinary client."""
    return {Standing.VIP: ListName.VIP, Standing.BLACKLISTED: ListName.BLACKLIST}.get(standing)
