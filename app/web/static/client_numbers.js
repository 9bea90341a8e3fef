// One more empty row whenever the last one is written in; without this script a save brings the next row.

const list = document.getElementById("numbers");

list?.addEventListener("input", (event) => {
  const last = list.lastElementChild;
  const place = list.children.length;
  if (!last.contains(event.target) || !event.target.value || place >= Number(list.dataset.most)) return;
  const row = last.cloneNode(true);
  for (const wrong of row.querySelectorAll(".wrong")) wrong.remove();
  for (const field of row.querySelectorAll("input")) {
    field.name = field.name.replace(/\d+$/, place);
    for (const name of ["aria-invalid", "aria-describedby"]) field.removeAttribute(name);
    if (field.type === "checkbox") field.checked = false;
    else {
      field.id = field.name;
      field.value = "";
    }
  }
  const label = row.querySelector("label[for]");
  label.htmlFor = `number-${place}`;
  label.textContent = label.textContent.replace(/\d+/, place + 1);
  list.append(row);
});
