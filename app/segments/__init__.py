"""Segments of clients: computed from sales, explained, and what they suggest."""
