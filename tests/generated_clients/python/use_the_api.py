"""What a program does with the client that was generated for it: create, list, page, change, explain, add a menu, read a
problem. Run in a process of its own, with warnings as errors; the arguments are the address and an API key."""

import sys

from antichambre_client import AuthenticatedClient
from antichambre_client.api.clients import create_client, list_clients, update_client
from antichambre_client.api.explain import explain_call
from antichambre_client.api.lines import create_line
from antichambre_client.api.menus import create_menu, get_menu
from antichambre_client.api.vip import create_vip, delete_vip, list_vip
from antichambre_client.models import (
    ClientIn,
    ClientPatch,
    LineIn,
    MenuIn,
    MenuInKeys,
    MenuInPrompts,
    NumberIn,
    PatternKind,
    Problem,
    Question,
    Target,
    TargetKind,
    VipIn,
)

address, key = sys.argv[1:]
api = AuthenticatedClient(base_url=address, token=key, raise_on_unexpected_status=True)


def must(answer, kind=None):
    """The answer, which is no problem."""
    assert answer is not None
    assert not isinstance(answer, Problem), answer
    return answer


vera = must(create_vip.sync(client=api, body=VipIn(number="+33639980001", label="Vera"), idempotency_key="k1"))
assert (vera.number, vera.match, vera.expires_at) == ("+33639980001", PatternKind.EXACT, None)
must(create_vip.sync(client=api, body=VipIn(number="+4420", match=PatternKind.PREFIX)))
first = must(list_vip.sync(client=api, limit=1))
rest = must(list_vip.sync(client=api, limit=1, cursor=first.next_cursor))
assert [one.number for one in (*first.items, *rest.items)] == ["+4420", "+33639980001"]
assert rest.next_cursor is None

conflict = create_vip.sync(client=api, body=VipIn(number="+33639980001"))
assert isinstance(conflict, Problem)
assert (conflict.status, conflict.code) == (409, "already-listed")
unreadable = create_vip.sync(client=api, body=VipIn(number="banana"))
assert isinstance(unreadable, Problem)
assert unreadable.errors[0].field == "number"

clara = must(
    create_client.sync(client=api, body=ClientIn(name="Clara", numbers=[NumberIn("+33639980004"), "+33639980005"]))
)
assert [one.number for one in clara.numbers] == ["+33639980004", "+33639980005"]
changed = must(
    update_client.sync(clara.id, client=api, body=ClientPatch(numbers=[NumberIn("+33639980004", shared=True)]))
)
assert (changed.name, [one.shared for one in changed.numbers]) == ("Clara", [True])
assert [one.id for one in must(list_clients.sync(client=api, number="06 39 98 00 04")).items] == [clara.id]

line = must(create_line.sync(client=api, body=LineIn(number="+33199002000", label="Second")))
assert line.country == "FR"

keys, prompts = MenuInKeys(), MenuInPrompts()
keys["9"] = Target(kind=TargetKind.REPEAT)
keys["1"] = Target(kind=TargetKind.MESSAGE, text="Bonjour.")
prompts["fr"] = "Pour réécouter, tapez 9."
menu = must(create_menu.sync(client=api, body=MenuIn(name="Accueil", prompts=prompts, keys=keys)))
read = must(get_menu.sync(menu.id, client=api))
assert (read.keys["1"].text, read.prompts["fr"], read.otherwise) == ("Bonjour.", "Pour réécouter, tapez 9.", None)

told = must(explain_call.sync(client=api, body=Question(from_="+33639980001", to="+33199001000")))
assert told.reason.code in {"vip", "vip_unconfirmed"}
assert told.trace[-1].decided
assert told.matches[0].label == "Vera"
assert (told.caller.number, told.line.number) == ("+33639980001", "+33199001000")

assert delete_vip.sync_detailed(vera.id, client=api).status_code == 204
api.get_httpx_client().close()
print("done")  # noqa: T201  # what the test looks for
