"""A company's whole set-up as one document: written, compared, applied, and kept in versions."""
