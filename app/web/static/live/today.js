// "My day" counts on as calls end, and the address holds what is shown. Which lines that are is the style sheet's affair.
const day = document.getElementById("day"), today = document.getElementById("today");
const words = JSON.parse(day.dataset.words), plural = new Intl.PluralRules(document.documentElement.lang);
const counts = { calls: Number(day.dataset.calls), missed: Number(day.dataset.missed) };

function said(name) {
  const count = counts[name], wanted = plural.select(count);
  const like = Object.keys(words[name]).find((number) => plural.select(Number(number)) === wanted);
  return words[name][like ?? 5].replace("{n}", count);
}

const known = new Set([...today.querySelectorAll("article")].map((one) => one.dataset.call));
new MutationObserver(() => {
  for (const one of today.querySelectorAll(day.dataset.of === "everybody" ? ".is-missed, .is-taken" : ".is-mine")) {
    if (known.has(one.dataset.call)) continue;
    counts[one.classList.contains("is-missed") ? "missed" : "calls"] += 1;
  }
  for (const one of today.querySelectorAll("article")) known.add(one.dataset.call);
  day.textContent = words.day.replace("{calls}", said("calls")).replace("{missed}", said("missed"));
}).observe(today, { childList: true });

const filter = document.querySelector("form.filter");
filter.addEventListener("change", () => {
  const chosen = new URLSearchParams(new FormData(filter));
  if (chosen.get("show") === "all") chosen.delete("show");
  history.replaceState(null, "", chosen.size ? `/?${chosen}` : "/");
});
