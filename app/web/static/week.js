// A week that can be drawn: each day gets a bar of 24 hours beside its text, which stays the truth.
const DAY = 24 * 60, STEP = 15;
const week = document.querySelector("[data-week]");

function read(text) {
  return [...text.matchAll(/(\d{1,2}):(\d\d)\s*[-–—]\s*(\d{1,2}):(\d\d)/g)].map(([, a, b, c, d]) => {
    const begins = a * 60 + +b, ends = c * 60 + +d;
    return [begins, ends > begins ? ends : ends + DAY];
  });
}

function clock(minute) {
  if (minute === DAY) return "24:00";
  const within = minute % DAY;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}

function write(input, spans) {
  const joined = [];
  for (const [begins, ends] of spans.toSorted((one, other) => one[0] - other[0])) {
    const last = joined.at(-1);
    if (last && begins <= last[1]) last[1] = Math.max(last[1], ends);
    else joined.push([begins, ends]);
  }
  input.value = joined.map(([begins, ends]) => `${clock(begins)}-${clock(ends)}`).join(", ");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function bar(input) {
  const here = document.createElement("div");
  here.className = "bar";
  here.title = week.dataset.remove;
  here.setAttribute("aria-hidden", "true"); // the text says the same, and is what a keyboard edits
  const minuteAt = (event) => {
    const box = here.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return Math.round((part * DAY) / STEP) * STEP;
  };
  const part = (begins, ends, kind) => {
    const one = document.createElement("span");
    one.className = kind;
    one.style.left = `${(100 * begins) / DAY}%`;
    one.style.width = `${(100 * (Math.min(ends, DAY) - begins)) / DAY}%`;
    here.append(one);
    return one;
  };
  const draw = () => {
    here.replaceChildren();
    read(input.value).forEach(([begins, ends], at) => {
      part(begins, ends, "open").dataset.at = at;
    });
  };
  let from = null, shade = null;
  here.addEventListener("pointerdown", (event) => {
    const at = event.target.dataset.at;
    if (at !== undefined) {
      write(input, read(input.value).filter((_, number) => number !== +at));
      return;
    }
    from = minuteAt(event);
    shade = part(from, from, "drawn");
    here.setPointerCapture(event.pointerId);
  });
  here.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const to = minuteAt(event);
    shade.style.left = `${(100 * Math.min(from, to)) / DAY}%`;
    shade.style.width = `${(100 * Math.abs(to - from)) / DAY}%`;
  });
  here.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const to = minuteAt(event), [begins, ends] = [Math.min(from, to), Math.max(from, to)];
    from = null;
    if (ends > begins) write(input, [...read(input.value), [begins, ends]]);
    else draw();
  });
  here.addEventListener("pointercancel", () => { from = null; draw(); });
  input.addEventListener("input", draw);
  input.after(here);
  draw();
}

if (week) {
  const inputs = [...week.querySelectorAll("input")];
  inputs.forEach(bar);
  for (const one of document.querySelectorAll(".scripted")) one.hidden = false;
  document.querySelector("[data-same]").addEventListener("click", () => {
    for (const input of inputs.slice(1, 5)) {
      input.value = inputs[0].value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
