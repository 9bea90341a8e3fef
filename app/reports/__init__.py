"""Reports: what the calls of some days come to."""
