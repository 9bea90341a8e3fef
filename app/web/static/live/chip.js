// The state chip in the top bar, and behind it how this computer rings.
import { say } from "../frame/words.js";
import { mayNotify } from "./notify.js";
import { whereItRings } from "./ringing.js";
import { choose, settings } from "./settings.js";
import { openSound, ring, setVolume, wakeSound } from "./sound.js";

const byId = (id) => document.getElementById(id);
const chip = byId("live"), words = byId("live-words"), lost = byId("live-lost");
const turn = byId("ringing-turn"), volume = byId("ringing-volume"), allow = byId("notify-turn");
const put = (node, text) => { if (node && node.textContent !== text) node.textContent = text; };

function sentence(link, rings) {
  if (!link.live) {
    return link.lostAt ? say("reconnecting", { seconds: Math.round((Date.now() - link.lostAt) / 1000) }) : say("connecting");
  }
  if (!chip.dataset.rung) return say("live");
  return say({ here: "ringing_here", elsewhere: "ringing_elsewhere", blocked: "ringing_blocked", insecure: "needs_https" }[rings] ?? "ringing_off");
}

export function drawChip(link) {
  const rings = whereItRings(), { on, notify } = settings(), permission = mayNotify();
  chip.dataset.live = link.live ? "yes" : link.lostAt ? "no" : "wait";
  chip.dataset.rings = rings;
  put(words, sentence(link, rings));
  put(lost, link.lostAt ? lost.dataset.words : "");
  if (!turn) return;
  turn.setAttribute("aria-pressed", String(on));
  put(turn, on ? turn.dataset.off : turn.dataset.on);
  put(byId("ringing-state"), say("state_" + rings));
  allow.disabled = permission === "impossible" || permission === "denied";
  put(allow, notify && permission === "granted" ? allow.dataset.off : allow.dataset.on);
  put(byId("notify-state"), permission === "denied" ? say("notify_denied") : permission === "impossible" ? say("notify_impossible") : "");
}

if (turn) {
  const tick = (id, name) => {
    const box = byId(id);
    if (!box) return;
    box.checked = settings()[name];
    box.addEventListener("change", () => choose({ [name]: box.checked }));
  };
  turn.addEventListener("click", () => choose({ on: !settings().on }));
  volume.value = String(settings().volume * 100);
  volume.addEventListener("input", () => { choose({ volume: volume.valueAsNumber / 100 }); setVolume(volume.valueAsNumber / 100); });
  for (const button of document.querySelectorAll("[data-hear]")) {
    button.addEventListener("click", () => {
      openSound(() => document.dispatchEvent(new CustomEvent("calls:changed")));
      wakeSound();
      setVolume(settings().volume);
      ring(button.dataset.hear, 0);
    });
  }
  tick("ringing-available", "onlyAvailable");
  tick("notify-hide", "hideNames");
  allow.addEventListener("click", async () => {
    const { notify } = settings();
    choose({ notify: !(notify && mayNotify() === "granted") && (await Notification.requestPermission()) === "granted" });
  });
}
