"""Who is calling: pure functions and frozen values, no clock, no I/O (standard library and ``phonenumbers`` only)."""
