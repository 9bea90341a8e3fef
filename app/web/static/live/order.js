// Which card is open and where it stands. One card is open, that of the call which concerns whoever looks; the others are
// rows. Nothing moves under a hand: not what it points at or writes in, nor what stands above that, and a card that has
// just opened holds its place for two seconds.
import { isDraft } from "./drafts.js";

const HOLD = 2_000, AIMS = 10_000, CONCERNS_ME = 2;
const openedAt = new WeakMap(), chosen = new Map(), arrived = new Map();

const rank = (card) => Number(card.dataset.rank ?? 9);
// What concerns whoever looks most stands first, and among its like the newest.
const byRank = (one, other) => rank(one) - rank(other) || Number(other.dataset.began) - Number(one.dataset.began)
  || (arrived.get(other.dataset.call) ?? 0) - (arrived.get(one.dataset.call) ?? 0);
const canHover = () => matchMedia("(hover: hover)").matches;

// Whether somebody points at it, or has the focus in it. A pointer that rests for long aims at nothing.
let pointedAt = 0;
document.addEventListener("pointermove", () => { pointedAt = Date.now(); }, { capture: true, passive: true });
const aims = () => canHover() && Date.now() - pointedAt < AIMS;
const inHand = (card) => (aims() && card.matches(":hover")) || card.contains(document.activeElement);
const isHeld = (card) => Date.now() - (openedAt.get(card) ?? 0) < HOLD;

export function setOpen(card, open) {
  if (card.classList.contains("compact") === !open && openedAt.has(card)) return;
  if (open && !(openedAt.get(card) && !card.classList.contains("compact"))) openedAt.set(card, Date.now());
  else if (!openedAt.has(card)) openedAt.set(card, 0);
  card.classList.toggle("compact", !open);
  card.querySelector(".fold")?.setAttribute("aria-expanded", String(open));
}

// Somebody opens or closes a card by hand: it stays so.
export function choose(card, open) {
  chosen.set(card.dataset.call, open);
  setOpen(card, open);
}

function wanted(cards) {
  const open = new Set(cards.filter((card) => chosen.get(card.dataset.call) || isDraft(card)));
  const best = cards.find((card) => chosen.get(card.dataset.call) !== false);
  // What has just opened is not followed by the next stranger at once, but by what rings at one's own telephone.
  const held = cards.find((card) => isHeld(card) && !card.classList.contains("compact"));
  const first = held && best && rank(best) > CONCERNS_ME ? held : best;
  if (first) open.add(first);
  // What came of the last call is asked for until the next one rings at one's own telephone.
  if (!first || rank(first) > CONCERNS_ME) {
    for (const card of cards) if (card.dataset.state === "ended" && chosen.get(card.dataset.call) !== false) open.add(card);
  }
  return open;
}

function place(calls, card, before) {
  if (card.isConnected && calls.moveBefore) calls.moveBefore(card, before);
  else calls.insertBefore(card, before);
}

// Bring the cards of `calls` in order.
export function arrange(calls) {
  const cards = [...calls.querySelectorAll(":scope > article[data-call]:not([data-folded])")];
  // The page is drawn with the newest on top.
  for (const { dataset: { call } } of cards.toReversed()) if (!arrived.has(call)) arrived.set(call, arrived.size);
  const fixed = cards.findLastIndex((card) => openedAt.has(card) && (inHand(card) || (isHeld(card) && !card.classList.contains("compact"))));
  const free = cards.slice(fixed + 1), sorted = free.toSorted(byRank);
  let next = fixed < 0 ? calls.firstElementChild : cards[fixed].nextElementSibling;
  for (const card of sorted) {
    if (card === next) next = next.nextElementSibling;
    else place(calls, card, next);
  }
  const all = [...cards.slice(0, fixed + 1), ...sorted], open = wanted(all.toSorted(byRank));
  for (const [index, card] of all.entries()) {
    if (index < fixed && openedAt.has(card)) continue; // it would push what stands below
    if (openedAt.has(card) && inHand(card)) continue;
    if (isHeld(card) && !card.classList.contains("compact")) continue;
    setOpen(card, open.has(card));
  }
}

// A card that is drawn anew is as open as it was.
export function inherit(old, fresh) {
  if (!openedAt.has(old)) return;
  openedAt.set(fresh, openedAt.get(old));
  fresh.classList.toggle("compact", old.classList.contains("compact"));
  fresh.querySelector(".fold")?.setAttribute("aria-expanded", String(!old.classList.contains("compact")));
}
// The card that can best be spared, when there are too many.
export function leastOf(calls) {
  const cards = [...calls.querySelectorAll(":scope > article[data-call].compact:not([data-folded])")].filter((card) => !inHand(card) && !isDraft(card));
  return cards.toSorted(byRank).at(-1);
}
export function forget(id) {
  chosen.delete(id);
}
