"use strict";
// The live channel: one EventSource, every event applied once, drafts never overwritten.
// Server side: app/live/stream.py. Ids are "<epoch>-<n>"; HTML comes escaped from the server's own templates.
(() => {
  const calls = document.getElementById("calls"), today = document.getElementById("today");
  const chip = document.getElementById("live"), words = document.getElementById("live-words");
  const notices = document.getElementById("notices"), said = document.getElementById("said"), plainTitle = document.title;
  let ahead = Date.parse(document.body.dataset.now) - Date.now(); // the server's clock, not this computer's
  const SILENCE = 25_000;
  let seen = document.body.dataset.since, source, lastSign = Date.now(), live = false, retry = 0;

  const number = (id) => Number(id.slice(id.lastIndexOf("-") + 1));
  const cardOf = (id, where) => where.querySelector(`article[data-call="${CSS.escape(id)}"]`);
  const build = (html) => { const box = document.createElement("template"); box.innerHTML = html; return box.content.firstElementChild; };
  const fields = (node) => [...node.querySelectorAll("form.caller input[required], form.caller select, form.caller textarea")];
  const initial = (field) => field.tagName === "SELECT" ? field.options[0].value : field.defaultValue;
  const dirty = (node) => node.querySelector("form.caller") !== null
    && (node.querySelector("form.caller").contains(document.activeElement) || fields(node).some((one) => one.value !== initial(one)));

  // Drafts outlive reloads: kept in this tab only, dropped when saved, cleared when signing out.
  const draftKey = (node) => "draft:" + node.dataset.call;
  const keepDraft = (node) => sessionStorage.setItem(draftKey(node), JSON.stringify(fields(node).map((one) => [one.name, one.value])));
  const restoreDraft = (node) => {
    const draft = new Map(JSON.parse(sessionStorage.getItem(draftKey(node)) ?? "[]"));
    for (const one of fields(node)) if (draft.has(one.name)) one.value = draft.get(one.name);
    if (draft.size && fields(node).length === 0) sessionStorage.removeItem(draftKey(node));
  };

  // Put `fresh` in the place of `old`. A form that somebody writes in stays as it is; all around it is renewed.
  function renew(old, fresh) {
    if (!dirty(old)) { old.replaceWith(fresh); ready(fresh); return; }
    for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
    for (const part of fresh.querySelectorAll(":scope > [data-part]")) {
      const same = old.querySelector(`:scope > [data-part="${part.dataset.part}"]`);
      if (part.dataset.part !== "form") same?.replaceWith(part);
    }
  }
  function ready(node) { restoreDraft(node); window.htmx?.process(node); }

  function showCard(html) {
    const fresh = build(html), old = cardOf(fresh.dataset.call, calls);
    if (old) renew(old, fresh);
    else { calls.matches(":hover") ? calls.append(fresh) : calls.prepend(fresh); ready(fresh); }
    if (fresh.dataset.state === "ringing" && !old) said.textContent = fresh.dataset.sentence;
  }
  function dropCard(id) {
    const card = cardOf(id, calls);
    if (!card) return;
    if (!dirty(card)) { card.remove(); return; }
    card.dataset.state = "ended";
    card.classList.remove("ringing", "answered");
    card.classList.add("ended");
    card.querySelector(".t").textContent = "ended";
  }
  function showLine(html) {
    const fresh = build(html), old = cardOf(fresh.querySelector("article").dataset.call, today);
    if (old) renew(old, fresh.querySelector("article"));
    else { today.prepend(fresh); ready(fresh.querySelector("article")); }
  }
  function apply({ swap, html, call }) {
    if (swap === "card") showCard(html);
    else { dropCard(call.id); if (swap === "line") showLine(html); }
    tick();
  }

  function notice(html) {
    if (notices.innerHTML.trim() === "" && html === "") return;
    notices.innerHTML = html;
    tick();
    said.textContent = notices.textContent.trim() || "Everything works again."; // told once: the minutes that count on would interrupt again and again
  }
  function lasting(seconds) {
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return "less than a minute";
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }

  function tick() {
    const times = [...document.querySelectorAll("time[data-since]")];
    // Nothing began in the future: where it seems so, the server's clock has gone further than ours.
    ahead = Math.max(ahead, ...times.map((one) => Date.parse(one.dataset.since) - Date.now()));
    const now = Date.now() + ahead;
    for (const one of times) {
      const seconds = Math.max(0, Math.floor((now - Date.parse(one.dataset.since)) / 1000));
      one.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
    for (const one of notices.querySelectorAll("time")) one.textContent = lasting((now - Date.parse(one.dataset.lasting)) / 1000);
    const ringing = calls.querySelectorAll('article[data-state="ringing"]');
    document.title = ringing.length ? `(${ringing.length}) ${ringing[0].dataset.title} · Antichambre` : plainTitle;
    const silence = Date.now() - lastSign;
    if (silence > SILENCE) { lastSign = Date.now(); show(false); connect(); }
    if (!live && source) words.textContent = retry ? `Reconnecting… ${Math.round((Date.now() - retry) / 1000)} s` : "Connecting…";
  }
  function show(isLive) {
    if (isLive) { retry = 0; words.textContent = "Live"; } else retry ||= Date.now();
    live = isLive;
    chip.dataset.live = isLive ? "yes" : "no";
  }
  function sign() { lastSign = Date.now(); if (!live) show(true); }

  function connect() {
    source?.close();
    source = new EventSource("/events?since=" + encodeURIComponent(seen));
    source.addEventListener("hello", (event) => { sign(); notice(JSON.parse(event.data).notices); });
    source.addEventListener("ping", sign);
    source.addEventListener("notices", (event) => { sign(); notice(JSON.parse(event.data).notices); });
    source.addEventListener("reset", () => location.reload());
    source.addEventListener("live", (event) => {
      sign();
      if (number(event.lastEventId) <= number(seen)) return;
      seen = event.lastEventId;
      apply(JSON.parse(event.data));
    });
    source.onerror = () => {
      show(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(resync, 3000, true); // refused: signed out, or too many tabs
    };
  }
  async function resync(reconnect = false) {
    const answer = await fetch("/events/state?since=" + encodeURIComponent(seen), { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.status === 401) { location.reload(); return; }
    if (answer?.ok) {
      const state = await answer.json();
      if (state.reset) { location.reload(); return; }
      if (number(state.pos) >= number(seen)) {
        seen = state.pos;
        const running = new Set(state.cards.map((one) => one.id));
        for (const card of [...calls.querySelectorAll("article")]) if (!running.has(card.dataset.call)) dropCard(card.dataset.call);
        for (const one of state.cards.toReversed()) showCard(one.html);
        for (const one of state.lines.toReversed()) showLine(one.html);
        tick();
      }
    }
    if (reconnect) connect();
  }

  document.addEventListener("input", (event) => {
    const node = event.target.closest("form.caller")?.closest("article");
    if (node) keepDraft(node);
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx, node = sourceElement?.closest?.("article");
    if (!node || response.status >= 300) return;
    sessionStorage.removeItem(draftKey(node));
    setTimeout(resync, 100); // htmx puts the saved card in the form's place; lines and other cards follow
  });
  const complain = (form, text) => { const place = form?.querySelector?.(".wrong"); if (place) place.textContent = text; };
  document.addEventListener("htmx:response:error", (event) => {
    let text = "Not saved; your text is still here. Try again.";
    try { const problem = JSON.parse(event.detail.ctx.text); text = problem.errors?.[0]?.detail ?? problem.detail ?? text; } catch { /* no JSON */ }
    complain(event.detail.ctx.sourceElement, text);
  });
  document.addEventListener("htmx:error", (event) => complain(event.detail.ctx?.sourceElement, "Not saved: no connection. Your text is still here."));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) resync(); });
  window.addEventListener("online", () => resync(true));
  for (const node of document.querySelectorAll("article[data-call]")) restoreDraft(node);
  setInterval(tick, 1000);
  tick();
  connect();
})();
