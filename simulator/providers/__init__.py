"""The providers that a simulated telephone company can be: one file each, and its grammar beside it."""

from simulator.providers.provider import Provider
from simulator.providers.signalwire import SignalWire
from simulator.providers.telnyx import Telnyx
from simulator.providers.twilio import SharedKey, Twilio

__all__ = ["Provider", "SharedKey", "SignalWire", "Telnyx", "Twilio"]
