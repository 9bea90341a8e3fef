// The view of one call: its telephone, its transcript, the documents, the decision.

const clockTime = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const LASTING = new Set(["said", "played", "ringing", "silence", "connected", "queued"]);
const MOST_LINES = 400;
export const part = (view, name) => view.querySelector(`[data-is="${name}"]`);

export class CallView {
  constructor(sid, told, words, send) {
    this.sid = sid;
    this.words = words;
    this.over = false;
    this.listening = false;
    this.lasting = null; // what is heard now, for whoever comes back to this tab
    this.began = Date.now();
    this.view = document.getElementById("call-view").content.firstElementChild.cloneNode(true);
    this.view.id = `view-${sid}`;
    this.view.dataset.call = sid;
    this.view.setAttribute("aria-labelledby", `tab-${sid}`);
    const caller = told.caller || words.nobody, label = told.label || caller;
    part(this.view, "caller").textContent = label === caller ? caller : `${label} · ${caller}`;
    part(this.view, "line").textContent = told.line;
    if (told.asOf) {
      part(this.view, "as-of").textContent = told.asOf;
      this.view.querySelector(".as-of").hidden = false;
    }
    this.tab = document.createElement("button");
    Object.assign(this.tab, { type: "button", id: `tab-${sid}`, className: "btn" });
    this.tab.setAttribute("role", "tab");
    this.tab.setAttribute("aria-controls", this.view.id);
    const name = document.createElement("bdi"), stage = document.createElement("span");
    name.textContent = label;
    stage.className = "stage";
    this.tab.append(name, " ", stage);
    this.stage("ringing");
    this.view.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.key) send({ do: "press", call: sid, keys: button.dataset.key });
      if (button?.dataset.do === "hang-up") send({ do: "hang-up", call: sid });
    });
  }

  stage(name) {
    this.view.dataset.stage = this.tab.dataset.stage = name;
    part(this.view, "stage").textContent = this.words.stages[name];
    this.tab.querySelector(".stage").textContent = this.words.stages[name];
  }

  tick() {
    if (!this.over) part(this.view, "clock").textContent = clockTime((Date.now() - this.began) / 1000);
  }

  heard(told) {
    const log = this.view.querySelector(".transcript"), list = log.firstElementChild, line = document.createElement("li");
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    line.className = told.kind;
    const time = document.createElement("time"), text = document.createElement("bdi");
    time.textContent = clockTime(told.at);
    text.textContent = told.kind === "said" ? `“${told.words}”` : told.words;
    if (told.kind === "said") text.lang = told.language;
    line.append(time, " ", ...(told.whose ? [`${told.whose}: `] : []), text);
    list.append(line);
    if (list.childElementCount > MOST_LINES) list.firstElementChild.remove();
    if (atEnd) log.scrollTop = log.scrollHeight;
    if (told.whose) return;
    this.lasting = LASTING.has(told.kind) ? told : told.kind === "prompt" ? this.lasting : null;
    const hears = part(this.view, "hears");
    if (told.kind === "said") hears.lang = told.language;
    else hears.removeAttribute("lang");
    hears.textContent = text.textContent;
  }

  answered(told) {
    const row = document.getElementById("document-view").content.firstElementChild.cloneNode(true);
    part(row, "at").textContent = clockTime(told.at);
    part(row, "title").textContent = told.title;
    part(row, "steps").append(...told.steps.map((step) => {
      const one = document.createElement("li");
      one.textContent = step;
      return one;
    }));
    part(row, "ms").textContent = `${told.ms} ms`;
    part(row, "document").textContent = told.document;
    const list = this.view.querySelector(".documents");
    list.append(row);
    if (list.childElementCount > MOST_LINES) list.firstElementChild.remove();
  }

  // Markup from the server's own templates, escaped there.
  record(told) {
    part(this.view, "record").innerHTML = told.html;
    part(this.view, "sees").textContent = told.sees;
  }

  state(told) {
    this.listening = told.listening;
    this.view.dataset.listening = told.listening ? "yes" : "no";
    const waits = part(this.view, "waits");
    waits.hidden = !told.waits;
    waits.textContent = told.waits;
    if (told.over) this.end();
    else this.stage(told.people.some((one) => !one.rings) ? "talks" : told.answered ? "answered" : "ringing");
  }

  end() {
    if (this.over) return;
    this.tick();
    this.over = true;
    this.listening = false;
    this.lasting = null;
    this.stage("over");
    this.view.dataset.listening = "no";
    for (const button of this.view.querySelectorAll(".phone button")) button.disabled = true;
  }
}
