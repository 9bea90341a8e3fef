// Rows of a list that can be dragged to another place. The buttons of each row do the same; this only saves pressing them often.
const forms = [...document.querySelectorAll("form.move")];
const list = forms[0]?.closest("ul");

function handle(form) {
  const row = form.closest("li");
  const grip = document.createElement("span");
  grip.className = "grip";
  grip.textContent = "⠿";
  grip.title = form.dataset.drag;
  grip.setAttribute("aria-hidden", "true"); // a keyboard has the buttons
  let home = null;
  grip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    home = [...list.children];
    row.classList.add("dragged");
  });
  grip.addEventListener("pointermove", (event) => {
    if (!home) return;
    // The others move around the row: taken out itself, it would lose the pointer.
    const middle = (one) => one.getBoundingClientRect().top + one.offsetHeight / 2;
    while (row.nextElementSibling && middle(row.nextElementSibling) < event.clientY) row.before(row.nextElementSibling);
    while (row.previousElementSibling && middle(row.previousElementSibling) > event.clientY) row.after(row.previousElementSibling);
  });
  const end = (keep) => {
    if (!home) return;
    const by = [...list.children].indexOf(row) - home.indexOf(row);
    row.classList.remove("dragged");
    if (!keep) list.replaceChildren(...home);
    home = null;
    if (!keep || !by) return;
    // By its neighbour, as the buttons do: somebody may have moved others meanwhile.
    const neighbour = by < 0 ? row.nextElementSibling : row.previousElementSibling;
    const place = document.createElement("input");
    place.type = "hidden";
    place.name = by < 0 ? "before" : "after";
    place.value = neighbour.querySelector("form.move").dataset.rule;
    form.append(place);
    form.submit();
  };
  grip.addEventListener("pointerup", () => end(true));
  grip.addEventListener("pointercancel", () => end(false));
  form.prepend(grip);
}

if (list) forms.forEach(handle);
