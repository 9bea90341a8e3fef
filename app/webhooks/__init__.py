"""Other programs are told of events: signed (Standard Webhooks), and again and again until they have heard."""
