"""The live channel: streams of events for browsers and programs."""
