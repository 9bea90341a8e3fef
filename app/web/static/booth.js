// The phone booth. The server's side is app/booth/line_to_browser.py: one WebSocket, opened by the first call.

import { CallView, part } from "./booth/call.js";
import { People } from "./booth/people.js";
import { kept } from "./frame/kept.js";
import * as sound from "./booth/sound.js";

const $ = (id) => document.getElementById(id);
const words = JSON.parse($("booth-words").textContent);
const booth = $("booth"), form = $("place"), calls = new Map();
const CALLERS = { withheld: "anonymous", none: "", garbage: "☎ <b>+33 6 12</b> ' OR 1=1 --" };
let socket = null, chosen = null;
const people = form && new People($("people"), words, send);

// --- the line to the booth -----------------------------------------------------------------------------------

function connect() {
  const address = new URL("/booth/line", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(address);
  const mine = socket, unsent = (mine.unsent = []);
  let opened = false;
  mine.addEventListener("open", () => {
    opened = true;
    mine.send(booth.dataset.token);
    for (const message of unsent.splice(0)) mine.send(message);
  });
  mine.addEventListener("message", (event) => obey(JSON.parse(event.data)));
  mine.addEventListener("close", () => {
    if (socket === mine) socket = null;
    const ran = [...calls.values()].some((call) => !call.over);
    for (const call of calls.values()) call.end();
    people.forget();
    sound.silence();
    if ($("booth-wrong").textContent) return;
    // A proxy that does not pass WebSockets on closes them before they open, and the browser says nothing.
    if (!opened) complain(words.unreached);
    else if (ran) complain(words.lost);
  });
}

function send(command) {
  if (!socket || socket.readyState > WebSocket.OPEN) {
    if (command.do !== "call") return;
    connect();
  }
  const message = JSON.stringify(command);
  if (socket.readyState === WebSocket.CONNECTING) socket.unsent.push(message);
  else socket.send(message);
}

function obey(told) {
  const call = calls.get(told.call);
  switch (told.is) {
    case "open":
      people.show(told.people);
      $("telephone").hidden = false;
      if ($("fast").getAttribute("aria-pressed") === "true") send({ do: "speed", times: 8 });
      break;
    case "call":
      begin(told);
      break;
    case "heard":
      call?.heard(told);
      if (call === chosen && !told.whose) hear(told);
      break;
    case "document":
      call?.answered(told);
      break;
    case "record":
      call?.record(told);
      break;
    case "state":
      call?.state(told);
      people.state(told.call, told.over ? [] : told.people);
      break;
    case "wrong":
      wrong(told);
      break;
    case "closed":
      complain(told.why);
      break;
  }
}

// --- calls ---------------------------------------------------------------------------------------------------

function place(command) {
  for (const field of document.querySelectorAll("#place .wrong")) field.textContent = "";
  complain("");
  sound.allow();
  $("no-voice").hidden = sound.hasVoice();
  send({ do: "call", ...command });
}

function begin(told) {
  const call = new CallView(told.call, told, words, send);
  calls.set(told.call, call);
  $("booth-calls").hidden = false;
  booth.dataset.calls = calls.size;
  document.querySelector("#booth-calls .tabs").append(call.tab);
  document.querySelector("#booth-calls .views").append(call.view);
  call.tab.addEventListener("click", () => choose(call));
  choose(call);
  $("booth-calls").scrollIntoView({ block: "nearest" });
}

function choose(call) {
  chosen = call;
  for (const one of calls.values()) {
    const here = one === call;
    one.view.hidden = !here;
    one.tab.setAttribute("aria-selected", here);
    one.tab.tabIndex = here ? 0 : -1;
  }
  part(call.view, "people").append($("telephone"));
  sound.silence();
  if (call.lasting) hear(call.lasting);
}

document.querySelector("#booth-calls .tabs")?.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = [...calls.values()], next = all[(all.indexOf(chosen) + step + all.length) % all.length];
  choose(next);
  next.tab.focus();
});

function hear(told) {
  switch (told.kind) {
    case "said": return sound.say(told.words, told.language);
    case "played": return sound.play(told.url);
    case "ringing": return sound.ring();
    case "prompt": case "queued": case "left": case "dialled": return undefined;
    default: return sound.silence();
  }
}

function wrong(told) {
  const here = told.errors.filter(({ field }) => $(`wrong-${field}`));
  for (const { field, detail } of here) $(`wrong-${field}`).textContent = detail;
  if (here.length) form.closest("details").open = true;
  else complain(told.detail);
}

function complain(sentence) {
  $("booth-wrong").textContent = sentence;
}

// --- what a person does --------------------------------------------------------------------------------------

if (form) {
  for (const button of document.querySelectorAll(".scene")) {
    button.addEventListener("click", () => {
      const { caller, name, at, attestation, label } = button.dataset;
      place({ caller, name, at, attestation, label, line: $("line").value });
    });
  }
  $("kind").addEventListener("change", () => { $("caller").disabled = $("kind").value !== "number"; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { kind, caller, line, at, attestation, name } = form.elements;
    place({
      caller: CALLERS[kind.value] ?? caller.value, line: line.value, at: at.value, attestation: attestation.value,
      name: name.value,
    });
  });
  $("fast").addEventListener("click", () => {
    const fast = $("fast").getAttribute("aria-pressed") !== "true";
    $("fast").setAttribute("aria-pressed", fast);
    send({ do: "speed", times: fast ? 8 : 1 });
    sound.setSpeed(fast ? 8 : 1);
    if (!fast && chosen?.lasting) hear(chosen.lasting);
  });
  $("sound").addEventListener("change", () => {
    sound.setOn($("sound").checked);
    if ($("sound").checked && chosen?.lasting) hear(chosen.lasting);
  });
  $("volume").addEventListener("input", () => sound.setVolume($("volume").value / 100));
  sound.setVolume($("volume").value / 100);
  setInterval(() => { for (const call of calls.values()) call.tick(); }, 500);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !/^[0-9*#]$/.test(event.key)) return;
    if (!chosen || chosen.over || !kept("single-keys", true)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send({ do: "press", call: chosen.sid, keys: event.key });
  }, true);
}

// Beside the booth there is room for the panel on wide screens only; elsewhere there is a link to it.
const wide = matchMedia("(min-width: 70rem)"), beside = $("beside");
const showPanel = () => { if (wide.matches && !beside.src) beside.src = beside.dataset.src; };
beside.addEventListener("load", () => beside.contentDocument?.documentElement.toggleAttribute("data-beside", true));
wide.addEventListener("change", showPanel);
showPanel();
