// Single keys press the button that names them (data-key), outside of text fields only, and can be turned off
// (WCAG 2.1.4). Nothing here takes a key that browsers need: of those with Ctrl or ⌘ only K and Enter.
import { keep, kept } from "./kept.js";

const SWITCH = "single-keys";
const WRITING = "input:not([type=radio]):not([type=checkbox]):not([type=button]):not([type=submit]), select, textarea, [contenteditable]";
const pressed = new Map();

// Do `then` on `key`, everywhere on the page.
export function onKey(key, then) {
  pressed.set(key, then);
}

export function press(key) {
  const button = buttonOf(key);
  if (button) {
    button.click();
    return true;
  }
  const then = pressed.get(key);
  then?.();
  return Boolean(then);
}

// The card that keys speak of: the one with the focus, else the one that rings, else the first.
export function currentCard() {
  return document.activeElement?.closest?.("article.card")
    ?? document.querySelector('#calls article.card[data-state="ringing"]:not([data-quiet])')
    ?? document.querySelector("#calls article.card");
}

function buttonOf(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  for (const where of [currentCard(), document.getElementById("calls"), document.querySelector("main")]) {
    const found = [...(where?.querySelectorAll(wanted) ?? [])].find((one) => !one.disabled && one.checkVisibility());
    if (found) return found;
  }
  return null;
}

// The Latin letter of the key where another alphabet is set: S is S on a Russian keyboard too.
function letter(event) {
  if (event.key.length === 1 && event.key.charCodeAt(0) < 128) return event.key.toLowerCase();
  return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
}

function leave(field) {
  const aside = field.closest("details:not(.why)[open]");
  if (aside) {
    aside.open = false;
    aside.querySelector("summary")?.focus();
  } else {
    const card = field.closest("article.card");
    if (card) card.focus();
    else field.blur();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const writing = event.target.matches?.(WRITING), key = letter(event);
  if (event.ctrlKey || event.metaKey) {
    const form = event.target.closest?.("form");
    if (key === "k" && !event.shiftKey && pressed.has("ctrl k")) {
      event.preventDefault();
      press("ctrl k");
    } else if (event.key === "Enter" && form) {
      event.preventDefault();
      form.requestSubmit();
    }
  } else if (event.key === "Escape") {
    // A draft stays in its field and in this tab's memory; only the hands leave it.
    if (!document.querySelector("dialog[open]") && event.target.closest?.("article.card")) leave(event.target);
  } else if (!writing && !document.querySelector("dialog[open]") && kept(SWITCH, true)) {
    if (press(key)) event.preventDefault();
  }
});

const help = document.getElementById("keys-help"), choice = document.getElementById("keys-on");
if (help) {
  onKey("?", () => help.showModal());
  choice.checked = kept(SWITCH, true);
  choice.addEventListener("change", () => keep(SWITCH, choice.checked));
}
for (const button of document.querySelectorAll("[data-opens]")) {
  button.addEventListener("click", () => open(button.dataset.opens));
}

// Show the dialog or popover of this id; a field gets the focus.
export function open(id) {
  const box = document.getElementById(id);
  if (box?.matches("dialog")) box.showModal();
  else if (box?.popover) box.showPopover();
  else box?.focus();
}
