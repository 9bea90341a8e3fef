"""What Twilio tells about a caller beside the number: country, attestation, SIP details, forwarding."""

from __future__ import annotations

import re
import secrets

STIR_VERSTAT = {
    "A": "TN-Validation-Passed-A",
    "B": "TN-Validation-Passed-B",
    "C": "TN-Validation-Passed-C",
    "failed": "TN-Validation-Failed",
}
"""Short names for the commonest values (Twilio docs: shakenstir); any other text is sent as it stands."""

# Enough for demonstrations; Twilio sends empty strings where it does not know better.
_COUNTRIES = {
    **{"1": "US", "7": "RU", "30": "GR", "31": "NL", "32": "BE", "33": "FR", "34": "ES", "39": "IT", "40": "RO"},
    **{"41": "CH", "43": "AT", "44": "GB", "45": "DK", "46": "SE", "47": "NO", "48": "PL", "49": "DE", "52": "MX"},
    **{"55": "BR", "61": "AU", "81": "JP", "86": "CN", "91": "IN", "212": "MA", "213": "DZ", "216": "TN"},
    **{"266": "LS", "351": "PT", "352": "LU", "353": "IE", "358": "FI", "371": "LV", "372": "EE", "380": "UA"},
}


def country_of(number: str) -> str:
    """ISO code by the longest known prefix of an E.164 number, or an empty string."""
    if not re.fullmatch(r"\+[0-9]+", number):
        return ""
    prefixes = (number[1 : 1 + length] for length in (3, 2, 1))
    return next((_COUNTRIES[prefix] for prefix in prefixes if prefix in _COUNTRIES), "")


def facts_about(caller: str, to: str, method: str) -> dict[str, str]:
    """The parameters of an incoming call that follow from its two ends (Twilio docs: voice/twiml)."""
    facts: dict[str, str] = {}
    for end, number in (("From", caller), ("Caller", caller), ("To", to), ("Called", to)):
        facts |= {f"{end}City": "", f"{end}State": "", f"{end}Zip": "", f"{end}Country": country_of(number)}
    if caller.startswith(("sip:", "sips:")):
        domain = re.sub(r"^sips?:([^@]*@)?|[;?:].*$", "", caller)
        facts |= {"SipDomain": domain, "SipCallId": f"{secrets.token_hex(8)}@{domain}", "SipSourceIp": "192.0.2.10"}
    if method == "POST":
        # Only then: Twilio docs, shakenstir.
        facts["CallToken"] = secrets.token_urlsafe(48)
    return facts


def verstat(attestation: str | None) -> dict[str, str]:
    """StirVerstat; absent when the call carried no passport."""
    return {} if attestation is None else {"StirVerstat": STIR_VERSTAT.get(attestation, attestation)}
