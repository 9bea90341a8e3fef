"""Other programs are asked who calls, once the call is decided: never in its path, and not for long."""
