"""The sentences that people read, in their language."""
