// Who can be rung: what they do, whether their telephone rings, and their way to hang up.

import { part } from "./call.js";

export class People {
  constructor(list, words, send) {
    Object.assign(this, { list, words, send, rows: new Map(), rung: new Map() });
  }

  show(people) {
    this.list.replaceChildren();
    this.rows.clear();
    for (const person of people) {
      const row = document.getElementById("person-view").content.firstElementChild.cloneNode(true);
      part(row, "name").textContent = person.name;
      const select = row.querySelector("select");
      select.setAttribute("aria-label", person.name);
      for (const [how, word] of Object.entries(this.words.hows)) {
        if (how === "accepts" && !person.confirm) continue;
        select.add(new Option(how === "answers" && person.confirm ? this.words.picksUp : word, how));
      }
      select.value = person.how;
      select.addEventListener("change", () => this.send({ do: "behave", who: person.who, how: select.value }));
      row.querySelector("button").addEventListener("click", () => {
        for (const [call, rung] of this.rung) {
          if (rung.some((one) => one.who === person.who)) this.send({ do: "hang-up", call, who: person.who });
        }
      });
      this.rows.set(person.who, row);
      this.list.append(row);
    }
  }

  state(call, rung) {
    this.rung.set(call, rung);
    const now = [...this.rung.values()].flat();
    for (const [who, row] of this.rows) {
      const here = now.filter((one) => one.who === who), talks = here.some((one) => !one.rings);
      row.dataset.state = talks ? "talks" : here.length ? "rings" : "";
      part(row, "does").textContent = talks ? this.words.talks : here.length ? this.words.rings : "";
      row.querySelector("button").hidden = !talks;
    }
  }

  forget() {
    for (const call of this.rung.keys()) this.state(call, []);
  }
}
