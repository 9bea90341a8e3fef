"""The phone booth: an admin's browser is the caller, the simulator is the telephone company, and the service is the real
one, called over HTTP with real signatures. Nobody's telephone rings: who is dialled answers as the person at the booth says.
"""
