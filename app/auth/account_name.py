"""By which e-mail address somebody signs in: one form for the lookup, the limits and what is stored."""

import unicodedata


def account_name(typed: str) -> str:
    """The address without white space around it and without characters that cannot be seen, in lower case. Two spellings
    of one account are the same name, so that no limit is walked around with a NUL byte or a capital letter."""
    visible = "".join(
        one for one in unicodedata.normalize("NFC", typed) if unicodedata.category(one) not in ("Cc", "Cf")
    )
    return visible.strip().lower()
