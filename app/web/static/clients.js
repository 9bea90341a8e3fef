// The list of clients follows what is typed; without this script the form's button does the same.

const form = document.querySelector("form.find");
const found = document.getElementById("found");
let waiting = 0;
let asked = null;

async function look() {
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...query]) if (!value || (name === "sort" && value === "name")) query.delete(name);
  const address = query.size ? `${form.action}?${query}` : form.action;
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(address, { headers: { "X-Part": "found" }, signal: asked.signal });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    found.innerHTML = await answer.text();
    document.getElementById("said-found").textContent = found.querySelector(".count").textContent;
    history.replaceState(null, "", address);
  } catch (error) {
    // Signed out, or the server is away: the page itself says so.
    if (error.name !== "AbortError") location.assign(address);
  }
}

form?.addEventListener("input", (event) => {
  clearTimeout(waiting);
  waiting = setTimeout(look, event.target.type === "search" ? 150 : 0);
});
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  look();
});
