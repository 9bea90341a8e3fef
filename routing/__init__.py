"""What to do with a call: pure functions and frozen values. "Routing" always means calls, never URLs."""
