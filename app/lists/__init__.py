"""The VIP list and the blacklist: edits, conflicts, API, pages, files."""
