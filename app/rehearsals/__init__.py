"""What a change would have done with the calls of the last days, before anybody makes it."""
