"""One file for each TwiML verb or family; `VERBS` is the table the execution looks them up in."""

from collections.abc import Mapping

from simulator.execution import Verb
from simulator.verbs.dial import dial
from simulator.verbs.ending import hangup, leave, redirect, reject
from simulator.verbs.enqueue import enqueue
from simulator.verbs.gather import gather
from simulator.verbs.pause import pause
from simulator.verbs.play import play
from simulator.verbs.record import record
from simulator.verbs.say import say

VERBS: Mapping[str, Verb] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Dial": dial,
    "Enqueue": enqueue,
    "Leave": leave,
    "Redirect": redirect,
    "Reject": reject,
    "Hangup": hangup,
    "Record": record,
}
