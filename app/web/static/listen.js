// A button beside each text that callers hear, which says it as this computer can; callers hear the provider's voice.
if ("speechSynthesis" in window) {
  for (const text of document.querySelectorAll(".said textarea")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet";
    button.textContent = text.closest(".said").dataset.listen;
    button.addEventListener("click", () => {
      speechSynthesis.cancel();
      const said = new SpeechSynthesisUtterance(text.value);
      said.lang = text.lang;
      speechSynthesis.speak(said);
    });
    const show = () => { button.hidden = !text.value.trim(); };
    text.addEventListener("input", show);
    text.after(button);
    show();
  }
}
