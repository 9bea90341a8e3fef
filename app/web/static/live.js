// The live part of a page: what the channel tells is put on cards and lines, rung, notified and shown in the tab.
import { currentCard, onKey } from "./frame/keys.js";
import { say } from "./frame/words.js";
import { alerts, calls, cardsOf, dropCard, foldCard, isFull, left, readyAll, showCard, showLine, tell } from "./live/cards.js";
import { joinChannel } from "./live/channel.js";
import { drawChip } from "./live/chip.js";
import { countOn, now, setClock } from "./live/clock.js";
import { isDraft } from "./live/drafts.js";
import { watchForms } from "./live/forms.js";
import { updateNotifications } from "./live/notify.js";
import { arrange, choose } from "./live/order.js";
import { lookElsewhere, quietness, ringingCards, updateRinging } from "./live/ringing.js";
import { isSilenced, onSilenceElsewhere, silence } from "./live/silence.js";

const { user, since = "" } = document.body.dataset;
const icon = document.querySelector("link[rel=icon]"), plainTitle = document.title, plainIcon = icon.href;
const ringingIcon = new URL("./icon-ringing.svg", import.meta.url).href;
const bar = document.getElementById("calling"), notices = document.getElementById("notices");
const rest = document.getElementById("rest");
let askedForRest = 0;
const COLLEAGUES_AGAIN = 30_000, COLLEAGUES_REST = 2_000;
// After these somebody is in a call who was not, or the other way round.
const OCCUPIES = new Set(["call.answered", "call.transferred", "call.ended"]);
let colleaguesDrawn = Date.now(), colleaguesSoon = null;

const on = {
  event({ swap, html, call, after, callbacks, voicemails }) {
    if (callbacks) document.dispatchEvent(new Event("callbacks:changed"));
    if (voicemails) document.dispatchEvent(new Event("voicemails:changed"));
    if (OCCUPIES.has(call?.type)) soonColleagues();
    if (swap === "none") return;
    if (swap === "card") showCard(html);
    else if (swap === "fold") foldCard(call.id, html);
    else {
      if (after) showCard(after);
      else dropCard(call.id);
      if (swap === "line") showLine(html);
    }
  },
  state({ cards, left: others, lines, now: told }) {
    setClock(told);
    document.dispatchEvent(new Event("voicemails:changed"));
    document.dispatchEvent(new Event("callbacks:changed")); // what was missed meanwhile nobody repeats
    const running = new Set([...cards.map((one) => one.id), ...others]);
    left.clear();
    for (const card of cardsOf()) if (!running.has(card.dataset.call)) dropCard(card.dataset.call);
    for (const one of cards.toReversed()) showCard(one.html);
    for (const id of others) if (!cardsOf().some((card) => card.dataset.call === id)) left.add(id);
    for (const one of lines.toReversed()) showLine(one.html);
  },
  notices({ notices: html, now: told }) {
    setClock(told);
    if (!notices || html === undefined || (notices.innerHTML.trim() === "" && html === "")) return;
    notices.innerHTML = html;
    countOn();
    // Told once: the minutes that count on would interrupt again and again.
    tell(notices.textContent.trim() || say("works_again"));
  },
  presence: drawColleagues,
  changed: update,
};

// What colleagues are doing is drawn anew, unless somebody is just saying it.
async function drawColleagues() {
  colleaguesDrawn = Date.now();
  document.dispatchEvent(new CustomEvent("presence:changed"));
  const list = document.getElementById("colleagues");
  if (!list || list.querySelector("details[open]")) return;
  const answer = await fetch("/presence/colleagues").catch(() => null);
  const html = answer?.ok ? await answer.text().catch(() => "") : ""; // whoever leaves the page reads no further
  if (!html || list.querySelector("details[open]")) return;
  list.innerHTML = html;
  window.htmx?.process(list);
}

// Calls change what colleagues do as well; those that are not told here are seen half a minute later.
setInterval(() => {
  if (document.hidden || Date.now() - colleaguesDrawn < COLLEAGUES_AGAIN || !document.getElementById("colleagues")) return;
  void drawColleagues();
}, 5_000);
// Much may happen at once: the list is drawn anew at most every two seconds, and never for a tab that nobody sees.
function soonColleagues() {
  if (document.hidden) colleaguesDrawn = 0;
  else colleaguesSoon ??= setTimeout(() => {
    colleaguesSoon = null;
    void drawColleagues();
  }, Math.max(0, colleaguesDrawn + COLLEAGUES_REST - Date.now()));
}

// Cards say why they are quiet here, and the button of whoever silenced one takes it back.
function drawSilence() {
  for (const card of cardsOf()) {
    const quiet = alerts(card) ? quietness(card) : "";
    if (quiet) card.dataset.quiet = quiet;
    else delete card.dataset.quiet;
    card.querySelector('[data-act="silence"]')?.setAttribute("aria-pressed", String(quiet === "silenced"));
    const stage = card.querySelector(".t"), word = card.querySelector(".silenced");
    if (quiet !== "silenced") word?.remove();
    else if (!word && stage) stage.append(Object.assign(document.createElement("span"), { className: "silenced", textContent: say("silenced") }));
  }
}

// After-call cards leave by themselves; whoever is about to write on one keeps it.
function letCardsGo() {
  for (const card of cardsOf("ended")) {
    if (!(Date.parse(card.dataset.leaves) < now()) || isDraft(card) || card.matches(":hover, :focus-within")) continue;
    dropCard(card.dataset.call);
  }
}

function drawTab() {
  const ringing = ringingCards();
  // The tab names whom the ringing is for: a VIP rings like one wherever their card stands.
  const first = ringing.find((card) => card.dataset.tone === "vip") ?? ringing[0];
  document.title = first ? `(${ringing.length}) ${first.dataset.title} · Antichambre` : plainTitle;
  const wanted = first ? ringingIcon : plainIcon;
  if (icon.href !== wanted) icon.href = wanted;
  if (!bar || calls.isConnected) return;
  // Away from the calls, whoever rings is told in the top bar.
  const told = ringing.map((card) => card.dataset.title).join("\n");
  if (bar.dataset.told === told) return;
  bar.dataset.told = told;
  bar.replaceChildren(...ringing.map((card) => {
    const link = Object.assign(document.createElement("a"), { href: "/", className: "calling " + (card.dataset.tone ?? "") });
    link.append(Object.assign(document.createElement("bdi"), { textContent: card.dataset.title }), ` · ${say("ringing")}`);
    return link;
  }));
}

// "50 and 12 more": those for whom there was no room come up as soon as there is.
function drawRest() {
  if (!rest) return;
  rest.textContent = left.size ? say("and_more", { shown: cardsOf().length, more: left.size }) : "";
  if (left.size && !isFull() && link && Date.now() - askedForRest > 1000) {
    askedForRest = Date.now();
    link.resync();
  }
}

function update() {
  countOn();
  letCardsGo();
  arrange(calls);
  drawRest();
  drawSilence();
  drawTab();
  updateRinging();
  if (!link) return;
  updateNotifications(link.leads || !link.shared);
  drawChip(link);
}

function turnSilence(card) {
  if (!card || !alerts(card)) return;
  silence(card.dataset.call, !isSilenced(card.dataset.call));
  update();
}
function step(by) {
  const all = [...calls.querySelectorAll("article[data-call]:not([data-folded])")], card = document.activeElement?.closest?.("#calls article.card");
  const next = all[card ? all.indexOf(card) + by : 0];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.('[data-act="silence"]');
  if (button) turnSilence(button.closest("article[data-call]"));
  const card = event.target.closest?.("#calls article.card");
  if (!card) return;
  if (event.target.closest(".fold")) choose(card, card.classList.contains("compact"));
  else if (card.classList.contains("compact") && !event.target.closest("a, button, summary")) choose(card, true);
});
document.addEventListener("card:opened", ({ target }) => choose(target, true));
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("#calls article.card.compact")) choose(event.target, true);
});
onKey("s", () => {
  const here = currentCard();
  turnSilence(here && alerts(here) ? here : cardsOf().find((card) => alerts(card) && !card.dataset.quiet));
});
onKey("j", () => step(1));
onKey("k", () => step(-1));
onSilenceElsewhere(update);
document.addEventListener("calls:changed", update);
watchForms(() => setTimeout(link.resync, 100)); // htmx puts the saved card in the form's place; lines and other cards follow
readyAll();
let link;
update();
link = joinChannel(`live:${user}:${document.documentElement.lang}`, since, on);
setInterval(() => { update(); lookElsewhere(); }, 1000);
update();
