"""Every maximum once. Schemas, forms, templates, imports and the columns of the database all read it here, so that what one
of them takes none of the others refuses. Lengths are in characters unless the name says bytes."""

from datetime import UTC, datetime, timedelta
from typing import Final

# Texts that people write.
NAME: Final = 200
"""A name, a label, a company: one line on a card."""
TEXT: Final = 1000
"""A note, a reason, a greeting: what is read or said in one go."""
PINNED_NOTE: Final = 90
"""Read in the second in which the telephone rings: one line of the card, also at 390 pixels."""
QUEUE_NAME: Final = 64
"""twilio.com/docs/voice/twiml/enqueue: a queue's name has at most 64 characters."""
EMAIL: Final = 254
"""RFC 5321 4.5.3.1.3, less the angle brackets."""
PASSWORD: Final = 1000
"""Hashing takes time in proportion to it."""

# What is typed where a number or a place is asked for.
TYPED_NUMBER: Final = 100
"""A number in any form, with room for spaces, brackets and an extension."""
LINE_NUMBER: Final = 60
ADDRESS: Final = 300
"""``sip:user@host:port``: 64 characters of user, 253 of host."""
CALLER: Final = 1024
"""The caller in *Test a number*: a SIP address with everything that providers put into it."""
TIME_ZONE: Final = 60
SECRET: Final = 200
"""A provider's token or account."""
ROW_ID: Final = 100
"""Longer than any id, so that a wrong one is not found and not unreadable."""

# Lists inside a row.
NUMBERS_OF_CLIENT: Final = 20
FIELDS_OF_CLIENT: Final = 20
"""That can be chosen when two clients become one."""
EMAILS_OF_CLIENT: Final = 10
ADDRESSES_OF_CLIENT: Final = 5
TAGS_OF_CLIENT: Final = 20
TAG: Final = 40
CARD_NUMBER: Final = 40
OWN_FIELDS: Final = 30
"""Fields of a company's own on every card."""
OWN_FIELD: Final = 200
"""A text in one of them."""
WORD: Final = 40
"""What a category says to do: beside the name on a card."""
STEPS: Final = 12
"""Of a script."""
CHOICES: Final = 50
"""Of one of them that is chosen from."""
LINES: Final = 1000
PROTECTED: Final = 1000
QUEUES_OF_OPERATOR: Final = 1000
KEYS_OF_MENU: Final = 100
RULES: Final = 200
"""Every call may be held against all of them."""
COUNTRIES: Final = 250
INTERVALS: Final = 24
RUNGS: Final = 5
"""Of the ladder below the fake queue, itself included."""
MINUTES_A_MONTH: Final = 1_000_000
"""Of the fake queue; more than twenty calls at once, all month long."""

CARD_FIELDS: Final = 8
"""That a program shows on a card: more are not read while the telephone rings."""

# Lists of rows.
PAGE: Final = 50
"""Rows of the API when nothing else is asked for."""
LONGEST_PAGE: Final = 500
ROWS_ON_PAGE: Final = 30
"""Rows of a list on a page for people."""
CLIENTS_ON_PAGE: Final = 50
SEARCH: Final = 100
SEARCH_CLIENTS: Final = 200
"""A name may be that long."""
CURSOR: Final = 200
LONG_CURSOR: Final = 2000
"""Of a page for people: the position may hold a name of 200 characters outside of ASCII."""
PASTED_LINES: Final = 200
PASTED_LINE: Final = 300

# Lists of others.
SUBSCRIPTIONS: Final = 50
"""Of a company: every call is held against all of them."""
SUBSCRIBED_NUMBERS: Final = 2_000_000
SUBSCRIBED_PATTERNS: Final = 10_000
"""Prefixes and ranges of one list; they are in every worker's own memory."""
VOTES: Final = 1_000_000

# Programs that are asked who calls.
LOOK_UPS: Final = 4
"""Of a company: a card shows what eight fields of all of them say."""
LOOK_UP_SECONDS: Final = 5
"""Whoever answers later is too late for the person who picks up."""
LOOK_UP_CACHE_SECONDS: Final = 86_400
LOOK_UP_ANSWER_BYTES: Final = 64 * 1024
"""Eight fields of the longest texts fit in."""

# Others.
BODY_BYTES: Final = 1024 * 1024
"""A request of somebody who has a right: what is pasted into a list, a client with long notes."""
IMPORT_BYTES: Final = 64 * 1024 * 1024
"""A file of numbers or clients that is uploaded: a million lines with names and reasons."""
BODY_OF_A_STRANGER_BYTES: Final = 64 * 1024
"""A request of anybody else, a provider's too: sixty times a usual webhook."""
CLIENTS_IMPORTED: Final = 100_000
"""Lines of a file of clients: all of them are held against each other in memory."""
SALES_IMPORTED: Final = 2_000_000
"""Lines of a file of sales."""
PRODUCTS: Final = 1000
"""Of a company: each is a column of the matrix."""
AUDIO_BYTES: Final = 20 * 1024 * 1024
"""A sound file to be played to callers: two minutes of uncompressed stereo, more than ten of anything else."""
RECORDINGS: Final = 200
"""Of a company, each up to ten minutes or 4.8 MB."""
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Nobody means a moment before or after, whatever it is for; and calendars end: at their ends no other zone has a name for
a moment."""
EXPIRY: Final = timedelta(days=100 * 365)
"""The latest end of an entry; anything later is a slip of the keyboard."""

KEYS_PATTERN: Final = r"^[0-9*#]{1,4}$"
"""What is pressed in a menu."""
CURRENCY_PATTERN: Final = r"^([A-Z]{3})?$"
"""A currency of ISO 4217, or none."""
