"""Twilio. The pattern for other providers: ``webhooks.py`` (routes), ``signature.py``, ``payload.py`` and
``last_resort.py``; a new provider is a copied folder and one line in ``app/main.py``."""
