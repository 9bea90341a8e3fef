"""Imports of sales: files of clients, days, amounts and products."""
