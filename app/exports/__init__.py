"""What leaves the house as a file: the lists, and the static document for the provider's console."""
