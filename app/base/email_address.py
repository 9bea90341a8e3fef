"""What is an e-mail address, wherever one is typed."""

import re
from typing import Final

# Without the punctuation that comes with an address when it is copied out of a letter: `<olga@example.org>,`.
_ADDRESS: Final = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,190}")


def is_email_address(text: str) -> bool:
    """Whether the text is one address and nothing else."""
    return _ADDRESS.fullmatch(text) is not None and text.isprintable()
