"""The API, against everything that its own description makes possible."""
