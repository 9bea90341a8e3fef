// Who rings where: which cards ring for whoever looks, and which of their tabs is heard. The tab that leads the channel may
// be one that its user has never touched, and such a tab cannot be heard; so the ringing has a lock of its own.
import { isAvailable } from "../frame/presence.js";
import { alerts, cardsOf } from "./cards.js";
import { now } from "./clock.js";
import { settings } from "./settings.js";
import { isSilenced } from "./silence.js";
import { canBeHeard, openSound, ring, setVolume, stopRinging, wakeSound } from "./sound.js";

const LOCK = "ringing:" + document.body.dataset.user, LONGEST = 120_000;
const changed = () => document.dispatchEvent(new CustomEvent("calls:changed"));
let ringer = false, waiting = null, letGo = null, elsewhere = false;

// When a card stops ringing by itself, by the service's clock.
const endOf = (card) => Date.parse(card.dataset.ringUntil)
  || (Date.parse(card.querySelector("time[data-since]")?.dataset.since) || now()) + LONGEST;

// The cards that ring to be seen; those that also ring to be heard are `mine`.
export const ringingCards = () => cardsOf().filter((card) => alerts(card) && now() < endOf(card) && !isSilenced(card.dataset.call));
export const concernsMe = (card) => card.dataset.mine === "yes";
// Whoever is in a call hears their own telephone, not everybody who waits.
const talking = () => cardsOf("answered").some((card) => card.dataset.taken === "yes");
const isHeard = (card) => concernsMe(card) && (card.dataset.here === "yes" || !talking());

// Why a card that rings elsewhere is quiet here: "silenced", "over" or nothing.
export function quietness(card) {
  if (isSilenced(card.dataset.call)) return "silenced";
  return now() < endOf(card) ? "" : "over";
}

// Where this person's ringing is heard: "here", "elsewhere", "off", "blocked" (until the page is used) or "insecure".
export function whereItRings() {
  if (!navigator.locks) return "insecure";
  if (!settings().on) return "off";
  if (ringer) return "here";
  if (elsewhere) return "elsewhere";
  return canBeHeard() ? "here" : "blocked";
}

function seekToRing() {
  const { on, volume } = settings();
  if (!on || !navigator.locks) {
    waiting?.abort();
    waiting = null;
    letGo?.();
    return;
  }
  openSound(changed);
  setVolume(volume);
  if (ringer || waiting || !canBeHeard()) return;
  waiting = new AbortController();
  const held = () => new Promise((resolve) => {
    ringer = true;
    waiting = null;
    letGo = resolve;
    changed();
  }).then(() => { ringer = false; letGo = null; });
  navigator.locks.request(LOCK, { signal: waiting.signal }, held).catch(() => {});
}

export function updateRinging() {
  seekToRing();
  const { on, onlyAvailable } = settings();
  const heard = on && ringer && (isAvailable() || !onlyAvailable) ? ringingCards().filter(isHeard) : [];
  const kind = heard.some((card) => card.dataset.tone === "vip") ? "vip" : "call";
  if (heard.length) {
    document.documentElement.dataset.ringing = kind;
    ring(kind, Math.max(...heard.map(endOf), now()) / 1000 - now() / 1000);
  } else if (document.documentElement.dataset.ringing) {
    delete document.documentElement.dataset.ringing;
    stopRinging();
  }
}

// Ask the browser whether another tab rings; returns after the answer has been told.
export async function lookElsewhere() {
  if (!navigator.locks || ringer || !settings().on) return;
  const { held } = await navigator.locks.query();
  const there = held.some((lock) => lock.name === LOCK) && !ringer;
  if (there === elsewhere) return;
  elsewhere = there;
  changed();
}

for (const gesture of ["pointerdown", "click", "keydown"]) {
  document.addEventListener(gesture, wakeSound, { capture: true });
}
