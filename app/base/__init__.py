"""What every room stands on: clock, database, errors, language, settings, text."""
