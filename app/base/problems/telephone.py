"""Why a provider has not done what it was asked for through its REST API."""

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
