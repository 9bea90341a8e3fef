// Who clicks twice means it once: a form that is on its way is not sent again for some seconds. It may be later, because an
// answer can leave the page where it is (a download, a connection that was lost), and at once after coming back to the page.
const PAUSE = 5000;
const sent = new Map();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (event.timeStamp - (sent.get(form) ?? -Infinity) < PAUSE) event.preventDefault();
  else sent.set(form, event.timeStamp);
});
addEventListener("pageshow", () => sent.clear());
