"""Clients from a file: looked at before it is applied, and taken back for 30 days; and clients as a file."""
