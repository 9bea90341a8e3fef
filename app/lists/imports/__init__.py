"""Imports as something one looks at before it is applied, and can take back."""
