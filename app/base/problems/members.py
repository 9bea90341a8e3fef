"""Problems that tell programs more than a field."""


class WithMembers:
    """A cause whose values are members of the answer (RFC 9457, section 3.2)."""

    __slots__ = ()

    def members(self) -> dict[str, object]:
        """The members by their public names."""
        raise NotImplementedError
