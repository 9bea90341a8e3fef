"""The first run: from an empty database to a first call, by pages."""
