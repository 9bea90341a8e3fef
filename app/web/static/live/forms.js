// Forms on cards, sent by htmx: what was wrong is said at its field, and nothing that was written is lost.
import { say } from "../frame/words.js";
import { FORMS, forgetDraft } from "./drafts.js";

// The field of `form` that a problem is about, and the place for its sentence.
function complain(form, name, text) {
  const field = name ? form.querySelector(`[name="${CSS.escape(name)}"]`) : null;
  const place = (name && form.querySelector(`.wrong[data-for="${CSS.escape(name)}"]`)) || form.querySelector(".wrong");
  field?.setAttribute("aria-invalid", "true");
  if (place) place.textContent = text;
}
function settle(form) {
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const place of form.querySelectorAll(".wrong")) place.textContent = "";
}
const partOf = (context) => context?.sourceElement?.closest?.("article[data-call] > [data-part]");
const formOf = (context) => context?.sourceElement?.closest?.("form");

// A part that waits for an answer says so; `saved` is called when a card's form has been accepted.
export function watchForms(saved) {
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    ctx.part = partOf(ctx); // its source may have been swapped away when the request ends
    if (ctx.part) ctx.part.dataset.waits = "";
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.part) delete ctx.part.dataset.waits;
  });
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    const form = formOf(ctx), card = form?.closest("article[data-call]");
    if (!form || !card || ctx.response.status >= 300) return;
    settle(form);
    const part = form.closest("[data-part]")?.dataset.part;
    if (ctx.sourceElement === form && part) card.dataset.did = `${card.dataset.did ?? ""} ${part}`;
    if (ctx.sourceElement !== form || !form.matches(FORMS)) return; // a draft that is kept while it grows, or a search
    forgetDraft(card);
    saved();
  });
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const form = formOf(ctx);
    if (!form) return;
    let problem = {};
    try { problem = JSON.parse(ctx.text); } catch { /* no JSON */ }
    const error = problem.errors?.[0];
    settle(form);
    complain(form, error?.field, error?.detail ?? problem.detail ?? say("not_saved"));
  });
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    const form = formOf(ctx);
    if (form) complain(form, "", say("no_connection"));
  });
}
