"""A stored call and who it was: log, story, card, judging a caller, testing a number."""
