"""``python -m app`` is ``antichambre``."""

from app.cli import main

main()
