// The time zone of the first step follows the country until somebody types one: this browser's zone where it is one of the
// country's, else the only one that the country has. Of several none is guessed.
const zone = document.getElementById("time_zone");
const country = document.getElementById("country");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

const follow = () => {
  if (!("guessed" in zone.dataset)) return;
  const there = (country.selectedOptions[0]?.dataset.zones ?? "").split(" ").filter(Boolean);
  zone.value = there.includes(here) ? here : there.length === 1 ? there[0] : "";
};
zone.addEventListener("input", () => delete zone.dataset.guessed);
country.addEventListener("change", follow);
follow();
