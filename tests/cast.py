"""The people of every story, and their numbers. All from ranges that the regulators keep for fiction (ARCEP 2018-0881:
+33 6 39 98 xx xx, +33 1 99 00 xx xx; Ofcom's drama numbers) so that no test names a real subscriber."""

LINE = "+33199001000"
SECOND_LINE = "+33199002000"
VERA = "+33639980001"  # the VIP
BORIS = "+33639980002"  # the blacklisted
UMA = "+33639980003"  # unknown to everybody
CLARA = "+33639980004"  # a client
MARTIN = "+33639980010"  # the manager, rung for VIPs
OLGA = "+33639980011"  # the operator
OSCAR = "client:oscar"  # an operator in a browser
NINA = "client:nina"  # an operator who is always in a call

ACCOUNT_SID = "AC" + "a" * 32
AUTH_TOKEN = "a-test-token"
ADAM_EMAIL = "adam@example.org"
ADAM_PASSWORD = "adam's long password"
BASE_URL = "http://testserver"
