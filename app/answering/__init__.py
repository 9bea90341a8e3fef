"""The hot path: a call comes in, goes on and ends. Memory and one local file, never the database."""
