"""Matters: complaints, questions and orders that are still to be seen to, by state."""
