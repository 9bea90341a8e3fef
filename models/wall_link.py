"""Links for screens on the wall."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200


class WallLink(Identified, Base):
    """Whoever has the link sees the wall's figures and nothing else, until the row is deleted. ``secret_hash`` is the
    SHA-256 of what stands in the link, which is shown once. ``names``: with those of the operators."""

    __tablename__ = "wall_link"

    name: Mapped[str] = mapped_column(Text200)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    names: Mapped[bool] = mapped_column(default=False, server_default="false")
