"""``antichambre demo``: a sample company, a telephone company in front of it, and a day of calls."""
