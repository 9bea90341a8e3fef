// What this browser remembers of its user's choices. Where nothing may be stored, choices last as long as the page.
const unstored = new Map();

export function kept(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? unstored.get(name) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(name, value) {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(name, text);
  } catch {
    unstored.set(name, text);
  }
}

// Call `then` when another tab has changed what is kept under `name`, or cleared everything.
export function onKeptElsewhere(name, then) {
  window.addEventListener("storage", (event) => {
    if (event.key === name || event.key === null) then();
  });
}
