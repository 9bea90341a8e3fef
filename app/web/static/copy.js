// A button with data-copy puts the text of the field of that id on the clipboard and shows data-copied; its form, if any,
// then says so to the service.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  // Without https there is no clipboard to write to; the old command still works there.
  if (navigator.clipboard) navigator.clipboard.writeText(field.value).catch(() => document.execCommand("copy"));
  else document.execCommand("copy");
  button.textContent = button.dataset.copied;
});
