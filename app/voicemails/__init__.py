"""Messages that callers have left: fetched from the provider, kept as files, heard, and deleted in time."""
