"""Why a provider has not done what it was asked for."""

from enum import StrEnum


class Fault(StrEnum):
    """What is the matter. ``gone``: there is no such call or recording, or the call is over. ``refused``: the credentials,
    the account or the address rung. ``too_many``: the provider's limit, or our own budget for its sake. ``unreachable``: no
    answer in time, or one that says that the provider is in trouble. ``not_possible_there``: this provider cannot do it."""

    GONE = "gone"
    REFUSED = "refused"
    TOO_MANY = "too_many"
    UNREACHABLE = "unreachable"
    NOT_POSSIBLE_THERE = "not_possible_there"


class TelephoneFault(Exception):
    """The provider has not done it. ``retry_after`` are the seconds after which it may be tried again, where anybody says;
    ``detail`` is the provider's own word, for logs: it may hold numbers of callers."""

    def __init__(self, fault: Fault, *, retry_after: float | None = None, detail: str = "") -> None:
        super().__init__(fault.value)
        self.fault, self.retry_after, self.detail = fault, retry_after, detail
