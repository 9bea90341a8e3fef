// The service's clock, not this computer's, and the durations that count on by it.
import { say } from "../frame/words.js";

let ahead = 0, told = false;
const WRONG = 5000;

export const now = () => Date.now() + ahead;

// The service said what time it is. It took a moment to arrive, so the latest of several is the best; but one that is far
// from the others means that somebody has set this computer's clock.
export function setClock(text) {
  const heard = Date.parse(text) - Date.now();
  if (Number.isNaN(heard)) return;
  ahead = told && Math.abs(heard - ahead) < WRONG ? Math.max(ahead, heard) : heard;
  told = true;
}
setClock(document.body.dataset.now);

function lasting(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return say("less_than_a_minute");
  if (minutes < 60) return say("minutes", { minutes });
  return say("hours_and_minutes", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

export function countOn() {
  const times = [...document.querySelectorAll("time[data-since]")];
  // Nothing began in the future: where it seems so, the service's clock has gone further than ours.
  if (told) ahead = Math.max(ahead, ...times.map((one) => Date.parse(one.dataset.since) - Date.now()));
  for (const one of times) {
    const seconds = Math.max(0, Math.floor((now() - Date.parse(one.dataset.since)) / 1000));
    one.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  for (const one of document.querySelectorAll("time[data-lasting]")) {
    one.textContent = lasting((now() - Date.parse(one.dataset.lasting)) / 1000);
  }
}
