// Desktop notifications, shown by the tab that leads the channel while no tab of ours is looked at.
import { say } from "../frame/words.js";
import { concernsMe, ringingCards } from "./ringing.js";
import { settings } from "./settings.js";

const shown = new Map();
export const mayNotify = () => (window.Notification && window.isSecureContext ? Notification.permission : "impossible");

function show(card) {
  const { hideNames } = settings(), { call, title, line, menu } = card.dataset;
  const note = new Notification(hideNames ? say("a_call") : title, {
    body: [line, menu].filter(Boolean).join(" · "), tag: "call-" + call, icon: document.querySelector("link[rel=icon]").href, silent: true,
  });
  note.addEventListener("click", () => {
    window.focus();
    document.querySelector(`#calls [data-call="${CSS.escape(call)}"]`)?.scrollIntoView({ block: "nearest" });
    note.close();
  });
  shown.set(call, note);
}

export function updateNotifications(leads) {
  const wanted = new Map(leads && settings().notify && mayNotify() === "granted"
    ? ringingCards().filter(concernsMe).map((card) => [card.dataset.call, card]) : []);
  for (const [call, note] of shown) {
    if (wanted.has(call)) continue;
    note.close();
    shown.delete(call);
  }
  for (const [call, card] of wanted) if (!shown.has(call) && !document.hasFocus()) show(card);
}
