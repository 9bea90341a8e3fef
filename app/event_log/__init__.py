"""What happened to calls: facts, journal, shipper, store, feed."""
