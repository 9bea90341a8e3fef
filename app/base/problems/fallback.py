"""Why the provider's console should get a new fallback document."""

from enum import StrEnum


class OutOfDate(StrEnum):
    """What is different from the document that was exported last; the values are the fields of
    :class:`app.company.fallback_document.Said`, but for the first."""

    NEVER_EXPORTED = "never_exported"
    LANGUAGE = "language"
    GREETING = "greeting"
    DIAL = "dial"
    RING_SECONDS = "ring_seconds"
    APOLOGY = "apology"
    HOURS = "hours"
