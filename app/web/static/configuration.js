// A chosen file is read into the field above it, where one can see it before anything is sent.
const chooser = document.getElementById("file");
chooser.closest("p").hidden = false;
chooser.addEventListener("change", async () => {
  const [file] = chooser.files;
  if (!file || file.size > Number(chooser.dataset.most)) return;
  document.getElementById(chooser.dataset.into).value = await file.text();
});
