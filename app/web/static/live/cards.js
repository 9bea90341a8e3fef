// The calls on the page: cards of now, lines of today. Their markup comes escaped from the service's own templates.
import { say } from "../frame/words.js";
import { isDraft, restoreDraft } from "./drafts.js";
import { arrange, forget, inherit, leastOf } from "./order.js";

const FOLDED_SECONDS = 5, FETCHED = ".tree, .here"; // what unfolding has fetched stays while it is fetched again
// Pages without a list of calls keep one that nobody sees: what rings is told on every page.
export const calls = document.getElementById("calls") ?? document.createElement("div");
const today = document.getElementById("today"), said = document.getElementById("said");

export const cardsOf = (state) => [...calls.querySelectorAll(`article[data-call]:not([data-folded])${state ? `[data-state="${state}"]` : ""}`)];
export const cardOf = (id, where = calls) => where.querySelector(`article[data-call="${CSS.escape(id)}"]:not([data-folded])`);
// Whether a card is told of: by a sound, in the tab, as a notification. Whoever is still in a menu disturbs nobody.
export const alerts = (card) => ["ringing", "waiting"].includes(card.dataset.state);

// Nobody reads more than fifty cards: the rest is a number, and comes up as others end.
const DRAWN = 50, FIRST_RANKS = 4;
export const left = new Set(JSON.parse(calls.dataset.left ?? "[]"));
export const isFull = () => cardsOf().length >= DRAWN;
export const tell = (sentence) => { said.textContent = sentence; };

// Between press and release a card stays as it is: drawn anew under the finger, its button would never hear of the click.
const LONGEST_PRESS = 2_000;
let pressed = null, putOff = [];
function press({ target, type, key }) {
  const card = target.closest?.("#calls article[data-call]");
  if (!card || pressed || (type === "keydown" && (key !== " " || !target.matches("button, summary")))) return;
  pressed = card;
  setTimeout(() => { if (pressed === card) release(); }, LONGEST_PRESS);
}
function release() {
  pressed = null;
  for (const change of putOff.splice(0)) change();
}
for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, press, true);
for (const type of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(type, () => { if (pressed) setTimeout(release); }, true);
window.addEventListener("blur", release);
function onceReleased(id, change) {
  if (pressed?.isConnected && pressed.dataset.call === id) putOff.push(change);
  else change();
}

function build(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content.firstElementChild;
}
function ready(node) {
  restoreDraft(node);
  if (calls.contains(node)) node.tabIndex = -1; // J and K go from card to card
  if (node.isConnected) window.htmx?.process(node);
}
export function readyAll() {
  for (const node of document.querySelectorAll("#calls article[data-call], #today article[data-call]")) {
    restoreDraft(node);
    if (calls.contains(node)) node.tabIndex = -1;
  }
}

// Parts that stay when a card is drawn anew: those in which somebody writes, those that wait for an answer, which would
// find nobody home, those unfolded to be filled in, and, until the call goes on to another state, those that say what was
// just done and how to undo it.
function staying(old, fresh) {
  const done = old.dataset.state === fresh.dataset.state ? (old.dataset.did ?? "").split(" ") : [];
  const unfolded = (part) => part.open && part.querySelector(".here form") && partOf(fresh, part.dataset.part);
  const stays = (part) => isDraft(part) || "waits" in part.dataset || unfolded(part) || (done.includes(part.dataset.part) && part.querySelector(".done"));
  return [...old.querySelectorAll(":scope > [data-part]")].filter(stays);
}

const partOf = (card, name) => card.querySelector(`:scope > [data-part="${name}"]`);

// Put `fresh` in the place of `old`, around what stays.
function renew(old, fresh) {
  const kept = staying(old, fresh);
  inherit(old, fresh);
  const back = wayBack(old);
  for (const part of fresh.querySelectorAll(":scope > [data-fetches]")) { // what was fetched stays until it is there anew
    const same = partOf(old, part.dataset.part);
    if (same && !kept.includes(same)) part.append(...same.childNodes);
  }
  if (kept.length === 0) {
    old.replaceWith(fresh);
    ready(fresh);
    back(fresh);
    return;
  }
  for (const { name } of [...old.attributes]) if (name.startsWith("data-") && name !== "data-did" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  const names = new Set(kept.map((part) => part.dataset.part));
  for (const part of [...old.querySelectorAll(":scope > [data-part]")]) {
    if (!names.has(part.dataset.part) && !partOf(fresh, part.dataset.part)) part.remove();
  }
  let place = null;
  for (const part of [...fresh.querySelectorAll(":scope > [data-part]")]) {
    const same = partOf(old, part.dataset.part);
    if (names.has(part.dataset.part)) place = same;
    else {
      if (same) same.replaceWith(part);
      else if (place) place.after(part);
      else old.prepend(part);
      place = part;
      window.htmx?.process(part);
    }
  }
  back(old);
}

// How to find the focus again, and what was unfolded, in a card that is drawn anew.
function wayBack(old) {
  const open = new Map([...old.querySelectorAll("details[open]")].map((one) => [one.classList[0], one]));
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  const within = focus?.closest("details")?.classList[0];
  return (card) => {
    for (const one of card.querySelectorAll("details")) {
      const before = open.get(one.classList[0]);
      if (!before || before === one) continue;
      one.open = true;
      one.querySelector(FETCHED)?.replaceChildren(...(before.querySelector(FETCHED)?.childNodes ?? []));
    }
    if (!focus || focus.isConnected) return;
    const same = focus === old ? card
      : (focus.id && card.querySelector(`#${CSS.escape(focus.id)}`))
      || (focus.dataset.act && card.querySelector(`[data-act="${focus.dataset.act}"]`))
      || [...card.querySelectorAll(focus.tagName)].find((one) => one.closest("details")?.classList[0] === within)
      || card;
    same.focus({ preventScroll: true });
  };
}

function remove(card) {
  const held = card.contains(document.activeElement);
  card.remove();
  if (held) calls.focus({ preventScroll: true });
}
// A card whose call is over, kept for what is written on it.
function endInPlace(card) {
  card.dataset.state = "ended";
  card.classList.remove("menu", "waiting", "ringing", "answered");
  card.classList.add("ended");
  const stage = card.querySelector(".t");
  if (stage) stage.textContent = say("ended");
}

export function showCard(html) {
  const fresh = build(html);
  onceReleased(fresh.dataset.call, () => put(fresh));
}
function put(fresh) {
  const id = fresh.dataset.call, old = cardOf(id);
  calls.querySelector(`[data-folded="${CSS.escape(id)}"]`)?.remove();
  const rings = alerts(fresh) && !(old && alerts(old));
  if (old) renew(old, fresh);
  else {
    left.delete(id);
    if (isFull()) {
      const spared = Number(fresh.dataset.rank) > FIRST_RANKS ? fresh : leastOf(calls);
      if (spared) left.add(spared.dataset.call);
      if (spared === fresh) return;
      spared?.remove();
    }
    calls.append(fresh); // below what holds its place; brought in order at once
    ready(fresh);
  }
  arrange(calls);
  if (rings) tell(fresh.dataset.sentence);
}
export const dropCard = (id) => onceReleased(id, () => drop(id));
function drop(id) {
  const card = cardOf(id);
  left.delete(id);
  if (!card) return;
  if (isDraft(card)) endInPlace(card);
  else {
    forget(id);
    remove(card);
  }
}
// Somebody else took it: their name stands in the card's place for a moment.
export const foldCard = (id, html) => onceReleased(id, () => fold(id, html));
function fold(id, html) {
  const card = cardOf(id), note = build(html);
  if (!card || !note) { drop(id); return; }
  note.dataset.folded = id;
  card.before(note);
  drop(id);
  tell(note.textContent.trim());
  setTimeout(() => note.remove(), FOLDED_SECONDS * 1000);
}
export function showLine(html) {
  if (!today) return;
  const fresh = build(html), article = fresh.querySelector("article"), old = cardOf(article.dataset.call, today);
  if (old) renew(old, article);
  else {
    // Newest first, as the page was drawn: a call that began earlier may well end later.
    today.insertBefore(fresh, [...today.children].find((one) => began(one) < began(fresh)) ?? null);
    ready(article);
  }
}
const began = (line) => Date.parse(line.querySelector("time").dateTime);
