"""Problems that tell programs more than a field."""

from typing import Any


class WithMembers:
    """A cause whose values are members of the answer (RFC 9457, section 3.2)."""

    __slots__ = ()

    def members(self) -> dict[str, Any]:
        """The members by their public names."""
        raise NotImplementedError
