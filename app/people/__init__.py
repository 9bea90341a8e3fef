"""Who may do what: users, sign-in, API keys, audit, presence."""
