"""What can be worth a second look about a caller."""

from enum import StrEnum


class Check(StrEnum):
    """``withheld``: no number is shown. ``forged``: the network says that the number may be. ``country``: it is of another
    country than every other number of the client. ``names``: several clients use the number. ``other_name``: the network
    shows another name than the card. ``thin``: the card says nothing by which somebody could be asked."""

    WITHHELD = "withheld"
    FORGED = "forged"
    COUNTRY = "country"
    NAMES = "names"
    OTHER_NAME = "other_name"
    THIN = "thin"
