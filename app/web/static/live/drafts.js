// What somebody writes on a card. It is never overwritten by news, and outlives reloads: kept in this tab, dropped when it
// is saved, cleared when its writer signs out.
export const FORMS = "form.caller, form.after, form.which, form.draft, form.ask";

const FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea";
const ticked = (field) => field.type === "radio" || field.type === "checkbox";
const formsIn = (node) => [...(node.matches(FORMS) ? [node] : []), ...node.querySelectorAll(FORMS)];
const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)];
const written = (field) => (ticked(field) ? field.checked : field.value);
const nameOf = (form, field) => [form.className, field.name, ticked(field) ? field.value : ""].join("|");

function asDrawn(field) {
  if (ticked(field)) return field.defaultChecked;
  if (field.tagName !== "SELECT") return field.defaultValue;
  return ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value;
}

// Whether somebody writes in `node`, or has written what is not saved.
export function isDraft(node) {
  return formsIn(node).some((form) => {
    const fields = fieldsOf(form);
    return fields.length > 0 && (form.contains(document.activeElement) || fields.some((one) => written(one) !== asDrawn(one)));
  });
}

const keyOf = (card) => "draft:" + card.dataset.call;

export function keepDraft(card) {
  const draft = formsIn(card).flatMap((form) => fieldsOf(form).map((one) => [nameOf(form, one), written(one)]));
  sessionStorage.setItem(keyOf(card), JSON.stringify(draft));
}

export function restoreDraft(card) {
  const draft = new Map(JSON.parse(sessionStorage.getItem(keyOf(card)) ?? "[]"));
  let asked = false;
  for (const form of formsIn(card)) {
    // What the service has kept of it comes from another computer, or from before this tab was opened.
    const elsewhere = JSON.parse(form.dataset.draft ?? "{}");
    for (const field of fieldsOf(form)) {
      asked = true;
      const value = draft.get(nameOf(form, field)) ?? elsewhere[field.name];
      if (value === undefined) continue;
      if (ticked(field)) field.checked = value;
      else field.value = value;
    }
  }
  if (!asked && draft.size) forgetDraft(card);
}

export function forgetDraft(card) {
  sessionStorage.removeItem(keyOf(card));
}

// Forms of past calls are fetched when they are unfolded.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx?.target?.matches?.(".here")) restoreDraft(ctx.target.closest("article[data-call]"));
});
document.addEventListener("input", (event) => {
  const card = event.target.closest?.(FORMS)?.closest("article[data-call]");
  if (card) keepDraft(card);
});
