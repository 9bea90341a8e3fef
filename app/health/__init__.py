"""What works and what does not, for those who run the service."""
