"""Whether a provider's REST API can be used."""

from enum import StrEnum


class ApiState(StrEnum):
    """Whether the provider's REST API can be used, as far as the worker that answers has seen."""

    READY = "ready"
    NO_KEY = "no_key"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
