"""The fake queue as its owner sees it: who waits, what it costs, its caps, and letting callers go."""
