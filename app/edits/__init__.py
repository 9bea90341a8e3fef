"""How every change is made, confirmed and audited: one way."""
