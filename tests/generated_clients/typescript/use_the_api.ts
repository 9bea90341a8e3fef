// What a program does with the types that were generated for it: create, list, page, change, explain, add a menu, read a
// problem. The arguments are the address and an API key.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Menu = components["schemas"]["MenuIn"];

const [address, key] = process.argv.slice(2) as [string, string];
const api = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } });

function must<Data, Fault>(answer: { data?: Data; error?: Fault }): Data {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

function same(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
  }
}

const vera = must(
  await api.POST("/api/v1/vip", {
    params: { header: { "Idempotency-Key": "k1" } },
    body: { number: "+33639980001", label: "Vera" },
  }),
);
same([vera.number, vera.match, vera.expires_at], ["+33639980001", "exact", null]);
must(await api.POST("/api/v1/vip", { body: { number: "+4420", match: "prefix" } }));
const first = must(await api.GET("/api/v1/vip", { params: { query: { limit: 1 } } }));
const rest = must(await api.GET("/api/v1/vip", { params: { query: { limit: 1, cursor: first.next_cursor } } }));
same([...first.items, ...rest.items].map((one) => one.number), ["+4420", "+33639980001"]);
same(rest.next_cursor, null);

const conflict = await api.POST("/api/v1/vip", { body: { number: "+33639980001" } });
same([conflict.response.status, conflict.error?.code], [409, "already-listed"]);
const unreadable = await api.POST("/api/v1/vip", { body: { number: "banana" } });
same(unreadable.error?.errors?.[0]?.field, "number");

const clara = must(
  await api.POST("/api/v1/clients", { body: { name: "Clara", numbers: [{ number: "+33639980004" }, "+33639980005"] } }),
);
same(clara.numbers.map((one) => one.number), ["+33639980004", "+33639980005"]);
const path = { params: { path: { item_id: clara.id } } };
const changed = must(
  await api.PATCH("/api/v1/clients/{item_id}", { ...path, body: { numbers: [{ number: "+33639980004", shared: true }] } }),
);
same([changed.name, changed.numbers.map((one) => one.shared)], ["Clara", [true]]);
const found = must(await api.GET("/api/v1/clients", { params: { query: { number: "06 39 98 00 04" } } }));
same(found.items.map((one) => one.id), [clara.id]);

const line = must(await api.POST("/api/v1/lines", { body: { number: "+33199002000", label: "Second" } }));
same(line.country, "FR");

const reception: Menu = {
  name: "Accueil",
  prompts: { fr: "Pour réécouter, tapez 9." },
  keys: { "9": { kind: "repeat" }, "1": { kind: "message", text: "Bonjour." } },
};
const menu = must(await api.POST("/api/v1/menus", { body: reception }));
const read = must(await api.GET("/api/v1/menus/{item_id}", { params: { path: { item_id: menu.id } } }));
same([read.keys["1"]?.text, read.prompts["fr"], read.otherwise], ["Bonjour.", "Pour réécouter, tapez 9.", null]);

const told = must(await api.POST("/api/v1/explain", { body: { from: "+33639980001", to: "+33199001000" } }));
same(["vip", "vip_unconfirmed"].includes(told.reason.code), true);
same([told.trace.at(-1)?.decided, told.matches[0]?.label], [true, "Vera"]);
same([told.caller.number, told.line?.number], ["+33639980001", "+33199001000"]);

const gone = await api.DELETE("/api/v1/vip/{item_id}", { params: { path: { item_id: vera.id } } });
same(gone.response.status, 204);
console.log("done");
