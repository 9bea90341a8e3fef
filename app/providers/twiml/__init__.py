"""TwiML, the dialect of Twilio, SignalWire and Telnyx: requests are HTML forms, answers small XML documents."""
