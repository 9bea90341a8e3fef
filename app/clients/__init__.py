"""The client base: edits, merges, search, API and pages."""
