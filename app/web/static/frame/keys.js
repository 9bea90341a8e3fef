// Single keys press the button that names them (data-key), and can be turned off (WCAG 2.1.4). They must never do anything
// that was not meant: while a letter could belong into a field they are letters, and a key that changes something only asks.
// Nothing here takes a key that browsers need: of those with Ctrl or ⌘ only K and Enter.
import { keep, kept } from "./kept.js";

const SWITCH = "single-keys", DRIFT = 1500;
const FIELD = "input:not([type=radio]):not([type=checkbox]):not([type=button]):not([type=submit]), select, textarea, [contenteditable]";
const WRITING = `${FIELD}, form *, dialog *, details[open]:has(form) > summary`;
const pressed = new Map();
let wroteIn = null, wroteAt = 0;

// Do `then` on `key`, everywhere on the page.
export function onKey(key, then) {
  pressed.set(key, then);
}

export function press(key) {
  const button = buttonOf(key);
  if (button) {
    if (button.matches("summary")) unfold(button.parentElement);
    else if ("asks" in button.dataset) ask(button);
    else button.click();
    return true;
  }
  const then = pressed.get(key);
  then?.();
  return Boolean(then);
}

// Open `aside` with the focus in its field: what is typed next belongs there.
function unfold(aside) {
  aside.open = true;
  const field = [...aside.querySelectorAll(FIELD)].find((one) => one.type !== "hidden" && one.checkVisibility());
  field?.focus();
  if (field?.setSelectionRange && field.type !== "search") field.setSelectionRange(field.value.length, field.value.length);
}

// A key chooses the button, Enter presses it; whatever else comes was not meant for it.
function ask(button) {
  button.focus();
  const words = button.closest("fieldset")?.querySelector(".asks");
  if (!words) return;
  const outcome = button.firstChild.textContent.trim();
  words.textContent = words.dataset.words.replace("{outcome}", outcome);
  button.addEventListener("blur", () => { words.textContent = ""; }, { once: true });
}

// The card that keys speak of: the one with the focus, else the call that one is in, else what rings, else the first.
export function currentCard() {
  const card = (more) => document.querySelector(`#calls article.card:not([data-folded])${more}`);
  return document.activeElement?.closest?.("article.card")
    ?? card('[data-taken][data-state="answered"]')
    ?? card('[data-here][data-state="ringing"]:not([data-quiet])')
    ?? card('[data-state="ringing"]:not([data-quiet])')
    ?? card("");
}

function buttonOf(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const visible = (where) => [...(where?.querySelectorAll(wanted) ?? [])].find((one) => !one.disabled && one.checkVisibility());
  // An outcome is asked for on the card of a call that is over. No key ever reaches another card than the one it speaks of.
  const asked = document.querySelector('#calls article.card[data-state="ended"]:not([data-folded])');
  const card = /^\d$/.test(key) && currentCard()?.dataset.state !== "ended" ? asked : currentCard();
  if (card) {
    const compact = card.classList.contains("compact");
    card.classList.remove("compact");
    const found = visible(card);
    if (found) {
      card.dispatchEvent(new CustomEvent("card:opened", { bubbles: true }));
      return found;
    }
    card.classList.toggle("compact", compact);
    return null;
  }
  return visible(document.querySelector("main"));
}

// The Latin letter of the key where another alphabet is set: S is S on a Russian keyboard too.
function letter(event) {
  if (event.key.length === 1 && event.key.charCodeAt(0) < 128) return event.key.toLowerCase();
  return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
}

function leave(field) {
  const aside = field.closest("details:not(.why, .call-note)[open]");
  if (aside) {
    aside.open = false;
    aside.querySelector("summary")?.focus();
  } else {
    const card = field.closest("article.card");
    if (card) card.focus();
    else field.blur();
  }
}

// Whether the field in which somebody writes was taken away under their hands: what they go on typing is no command.
function isAdrift(event) {
  if (event.key.length !== 1 || !wroteIn || Date.now() - wroteAt > DRIFT) return false;
  wroteAt = Date.now();
  return true;
}
function noteWriting(event) {
  if (event.target.matches?.(FIELD) && event.key.length === 1) [wroteIn, wroteAt] = [event.target, Date.now()];
  else if (["Tab", "Escape", "Enter"].includes(event.key)) wroteIn = null; // left on purpose
}
document.addEventListener("pointerdown", () => { wroteIn = null; }, { capture: true });

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
      wroteIn = null;
      form.requestSubmit();
    }
    return;
  }
  const drifting = !writing && isAdrift(event);
  noteWriting(event);
  if (event.key === "Escape") {
    // A draft stays in its field and in this tab's memory; only the hands leave it.
    if (!document.querySelector("dialog[open]") && event.target.closest?.("article, .block-ask")) leave(event.target);
  } else if (event.target.matches?.("[data-asks]")) {
    // Chosen by a key: another one's key chooses that, Enter presses it; anything else is text that was meant for a field.
    if (/^[1-9]$/.test(key) && kept(SWITCH, true) && press(key)) event.preventDefault();
    else if (event.key.length === 1) {
      event.preventDefault();
      [wroteIn, wroteAt] = [event.target, Date.now()];
      (event.target.closest("article") ?? document.body).focus();
    }
  } else if (!writing && !drifting && !document.querySelector("dialog[open]") && kept(SWITCH, true)) {
    if (press(key)) event.preventDefault();
  }
});

// Whoever opens a note with the mouse is about to write in it.
document.addEventListener("click", (event) => {
  const close = event.target.closest?.("[data-close]");
  if (close) leave(close);
  const summary = event.target.closest?.("summary");
  const aside = summary?.parentElement;
  if (aside?.matches(".call-note, .pin, .block-ask, .join") && !aside.open) setTimeout(() => unfold(aside));
});
// The same where the form came only when it was opened, unless the hands have gone elsewhere by then.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const aside = ctx?.target?.closest?.(".block-ask[open]"), at = document.activeElement;
  if (aside && (at === document.body || aside.contains(at))) unfold(aside);
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
