"""The telephony providers. ``twiml.py`` is the dialect that several of them share; each has a folder of its own."""
