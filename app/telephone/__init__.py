"""What can be done to calls from our side: the port to the providers' REST APIs. No provider stands in here."""
