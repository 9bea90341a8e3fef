// The supervisor's page and the wall: the stream says that something has moved, the page then asks for its parts and puts in
// what has changed. Nothing is asked for while nothing moves; durations tick here, from the moments when they began.
const root = document.getElementById("watching");
const { stream, parts: address, lateAfter, late } = root.dataset;
const SETTLE = 250, REST = 1000, AGAIN = 3000;
let ahead = Date.parse(root.dataset.now) - Date.now(), seen = root.dataset.since;
let asking = false, wanted = false, asked = 0, timer = null;
// A screen on the wall has nobody who sees that nothing comes any more: it says so itself, after a moment.
const stale = document.getElementById("stale"), STALE_AFTER = 5000;
let silentSince = 0;
function hear(well) {
  if (well) silentSince = 0;
  else silentSince ||= Date.now();
  if (stale) stale.querySelector("time").dataset.ticks = new Date(silentSince + ahead).toISOString();
}

// An element of its own: on the wall it stands below the time, which is as wide as its tile allows.
function lateWord() {
  return Object.assign(document.createElement("span"), { textContent: late });
}

function tick() {
  if (stale) stale.hidden = !silentSince || Date.now() - silentSince < STALE_AFTER;
  const now = Date.now() + ahead;
  for (const one of root.querySelectorAll("time[data-ticks]")) {
    const seconds = Math.max(0, Math.floor((now - Date.parse(one.dataset.ticks)) / 1000));
    const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60, rest = String(seconds % 60).padStart(2, "0");
    const words = hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
    const isLate = "waits" in one.dataset && seconds > lateAfter;
    const text = isLate ? `${words} ${late}` : words;
    if (one.textContent !== text) one.replaceChildren(...(isLate ? [`${words} `, lateWord()] : [words]));
    one.classList.toggle("late", isLate);
  }
}

// What a row says, without the durations: these tick here.
function sourceOf(row) {
  const copy = row.cloneNode(true);
  for (const one of copy.querySelectorAll("time[data-ticks]")) one.textContent = "";
  return copy.outerHTML;
}

// Rows are told apart by their keys: what stays the same is not touched, so focus and scroll position stay.
function put(part, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = part.localName === "tbody" ? `<table><tbody>${html}</tbody></table>` : html;
  const rows = part.localName === "tbody" ? fresh.content.querySelector("tbody") : fresh.content;
  const there = new Map([...part.children].map((row) => [row.dataset.key, row]));
  let before = part.firstElementChild;
  for (const row of [...rows.children]) {
    const old = there.get(row.dataset.key), source = sourceOf(row);
    there.delete(row.dataset.key);
    if (old?.source === source) {
      if (old === before) before = before.nextElementSibling;
      else part.insertBefore(old, before);
      continue;
    }
    row.source = source;
    const held = old?.contains(document.activeElement) ? document.activeElement : null;
    const place = held ? [...old.querySelectorAll("a, button")].indexOf(held) : -1;
    if (old && old === before) before = before.nextElementSibling;
    part.insertBefore(row, before);
    old?.remove();
    window.htmx?.process(row);
    if (place >= 0) row.querySelectorAll("a, button")[place]?.focus();
  }
  for (const gone of there.values()) gone.remove();
}

async function ask() {
  timer = null;
  if (asking) { wanted = true; return; }
  asking = true;
  wanted = false;
  asked = Date.now();
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  asking = false;
  if (answer?.status === 401 || answer?.status === 403 || answer?.status === 404) { location.reload(); return; }
  hear(answer?.ok);
  if (!answer?.ok) { soon(AGAIN); return; }
  const { pos, now, parts } = await answer.json();
  ahead = Date.parse(now) - Date.now();
  seen = pos;
  for (const [name, html] of Object.entries(parts)) put(root.querySelector(`[data-part="${name}"]`), html);
  tick();
  lookAgain();
  root.dataset.live = "yes";
  if (wanted) soon(SETTLE);
}

// What can be done with a call is fetched when somebody asks for it, into the one dialog of the page, and kept as the call
// stands; nothing is drawn anew while a form in it is open.
const box = document.getElementById("acts"), inside = box?.querySelector(".inside");
let shown = "", opening = false;
// Asked from the place it goes to, so that a later question ends an earlier one: no late answer stands under another call.
function look(swap) {
  return window.htmx.ajax("GET", shown, { source: inside, target: inside, swap });
}
async function lookAgain() {
  if (!box?.open || box.querySelector("details[open]")) return;
  const said = box.querySelector(".kept")?.textContent;
  await look("innerMorph").catch(() => {});
  const place = box.querySelector(".kept");
  if (said && place && !place.textContent) place.textContent = said;
}
root.addEventListener("click", (event) => {
  const link = event.target.closest("a.act");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) return;
  event.preventDefault();
  shown = link.getAttribute("href");
  opening = true;
  look("innerHTML").catch(() => {});
});
document.addEventListener("htmx:after:swap", () => {
  if (!box || !inside.firstElementChild) return;
  if (opening && !box.open) box.showModal();
  opening = false;
  // The button that was pressed is gone with what it could do.
  if (box.open && !box.contains(document.activeElement)) box.lastElementChild.querySelector("button").focus();
});
// Esc leaves a form first, and then the dialog.
box?.addEventListener("cancel", (event) => {
  const open = box.querySelector("details[open]");
  if (!open) return;
  event.preventDefault();
  open.open = false;
  open.querySelector("summary").focus();
});
// A browser tells of a closed dialog a moment later: by then the next call may have been asked for, or stand in it.
box?.addEventListener("close", () => {
  if (opening || box.open) return;
  const row = root.querySelector(`a.act[href="${CSS.escape(shown)}"]`);
  shown = "";
  inside.replaceChildren();
  row?.focus();
});

// Much may move at once: the first news waits a moment for the rest, and the next question a second.
function soon(settle = SETTLE) {
  if (asking) wanted = true;
  else timer ??= setTimeout(ask, Math.max(settle, asked + REST - Date.now()));
}

function listen() {
  const source = new EventSource(`${stream}${stream.includes("?") ? "&" : "?"}since=${encodeURIComponent(seen)}`);
  source.addEventListener("moved", () => soon());
  source.addEventListener("hello", () => { root.dataset.live = "yes"; });
  source.addEventListener("reset", () => location.reload());
  source.onerror = () => {
    root.dataset.live = "no";
    hear(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => { soon(0); listen(); }, AGAIN);
  };
  source.onopen = () => { if (root.dataset.live === "no") soon(0); };
}

// What the page was drawn with is compared as it came, before anything ticks in it.
for (const part of root.querySelectorAll("[data-part]")) for (const row of part.children) row.source = sourceOf(row);
tick();
setInterval(tick, 1000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(0); });
listen();
