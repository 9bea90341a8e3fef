// Ctrl/⌘ K: one field for a number, a name or an action. The server answers with the choices; arrows choose (ARIA
// combobox with a listbox, the focus stays in the field).
import { onKey, open } from "./keys.js";

const dialog = document.getElementById("palette"), field = document.getElementById("palette-field");
const list = document.getElementById("palette-list"), nothing = document.getElementById("palette-nothing");
const PATIENCE = 120;
let asked, waiting, chooseFirst = false;

const options = () => [...list.querySelectorAll('[role="option"]')];
const active = () => list.querySelector('[aria-selected="true"]');

function mark(option) {
  active()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option?.id ?? "");
}

async function ask() {
  waiting = undefined;
  asked?.abort();
  const mine = (asked = new AbortController());
  const answer = await fetch("/palette?q=" + encodeURIComponent(field.value.trim()), { signal: mine.signal }).catch(() => null);
  if (asked !== mine) return;
  if (answer?.redirected || answer?.status === 401) return location.reload();
  list.innerHTML = answer?.ok ? await answer.text() : "";
  // What this page cannot do is not offered on it.
  for (const one of options()) if (one.dataset.opens && !document.getElementById(one.dataset.opens)) one.remove();
  nothing.textContent = answer?.ok ? (options().length ? "" : nothing.dataset.nothing) : nothing.dataset.failed;
  field.setAttribute("aria-expanded", String(options().length > 0));
  mark(options()[0]);
  asked = undefined;
  if (chooseFirst) choose();
}

function choose() {
  chooseFirst = Boolean(waiting || asked); // whoever types fast and presses Enter means what is still on its way
  if (!chooseFirst) active()?.click();
}

function show() {
  if (dialog.open) return;
  document.querySelector("[popover]:popover-open")?.hidePopover();
  dialog.showModal();
  field.select();
  ask();
}

if (dialog) {
  onKey("ctrl k", () => (dialog.open ? dialog.close() : show()));
  onKey("/", show);
  for (const button of document.querySelectorAll("[data-palette]")) button.addEventListener("click", show);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    chooseFirst = false;
    waiting = setTimeout(ask, PATIENCE);
  });
  field.addEventListener("keydown", (event) => {
    const all = options(), place = all.indexOf(active()), last = all.length - 1;
    const to = { ArrowDown: place < last ? place + 1 : 0, ArrowUp: place > 0 ? place - 1 : last, PageDown: last, PageUp: 0 }[event.key];
    if (event.key === "Enter") choose();
    else if (to !== undefined) mark(all[to]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (!option?.dataset.opens) return; // a link leads where it says
    event.preventDefault();
    dialog.close();
    open(option.dataset.opens);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
}
