// "Available" or "On a break": shown at once, taken back with a word when the service refuses, followed by other tabs.
const form = document.getElementById("presence"), choice = form?.querySelector("select"), said = document.getElementById("presence-said");
const others = form && "BroadcastChannel" in window ? new BroadcastChannel("presence:" + document.body.dataset.user) : null;
let known = choice?.value, sending = false;

// Whether calls may come to whoever looks; true for people whom none come to.
export const isAvailable = () => !choice || choice.value === "yes";

function show(value) {
  choice.value = known = value;
  changed();
}
function changed() {
  form.dataset.available = choice.value;
  document.dispatchEvent(new CustomEvent("calls:changed"));
}

async function send() {
  sending = true;
  said.textContent = "";
  changed();
  const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(form)) }).catch(() => null);
  sending = false;
  if (answer?.ok) {
    known = choice.value;
    others?.postMessage(known);
    return;
  }
  const problem = await answer?.json().catch(() => null);
  said.textContent = problem?.detail ? `${said.dataset.refused} ${problem.detail}` : said.dataset.refused;
  show(known);
  for (const used of ["pointerdown", "keydown"]) document.addEventListener(used, () => { said.textContent = ""; }, { once: true });
}

// An admin may have changed it meanwhile, or another computer of the same person.
async function look() {
  const answer = await fetch("/presence", { headers: { Accept: "application/json" } }).catch(() => null);
  const { available } = answer?.ok ? await answer.json().catch(() => ({})) : {};
  if (!sending && typeof available === "boolean") show(available ? "yes" : "no");
}

if (form) {
  choice.addEventListener("change", send);
  others?.addEventListener("message", (event) => show(event.data));
  document.addEventListener("presence:changed", look);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
}
