"""The telephony providers. Each has a folder that verifies a request, reads it into a report, writes an answer and states
what the provider can do; ``registry.py`` names them. ``twiml/`` is the dialect that several of them share."""
