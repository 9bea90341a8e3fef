// The live channel: one stream for all tabs of a person. The tab that holds the lock listens to /events, the others hear
// from it what it hears. Ids are "<epoch>-<n>", every event is applied once. Server side: app/panel/channel/stream.py.
const SILENCE = 25_000, AGAIN = 3_000;
const number = (id) => Number(id.slice(id.lastIndexOf("-") + 1));

// `on` is told: event(data), state(state), notices(data), presence(data), changed(). Returns what is known of the connection.
export function joinChannel(name, since, on) {
  const shared = Boolean(navigator.locks && window.BroadcastChannel);
  const others = shared ? new BroadcastChannel(name) : null;
  const link = { shared, leads: false, live: false, lostAt: 0, resync };
  let seen = since, source = null, lastSign = Date.now(), queued = null;

  function sign() {
    lastSign = Date.now();
    if (link.leads) others?.postMessage({ kind: "sign" });
    if (link.live) return;
    Object.assign(link, { live: true, lostAt: 0 });
    on.changed();
  }
  function lost(since = Date.now()) {
    link.live = false;
    link.lostAt ||= since;
    if (link.leads) others?.postMessage({ kind: "lost" });
    on.changed();
  }
  function startAgain() {
    if (link.leads) others?.postMessage({ kind: "again" });
    location.reload();
  }
  function take({ kind, id, data }) {
    if (kind === "live") {
      if (number(id) <= number(seen)) return;
      seen = id;
      on.event(data);
    } else if (kind === "presence") on.presence(data);
    else {
      seen ||= data.pos; // of a page that showed no calls when it was drawn
      on.notices(data);
    }
    on.changed();
  }

  function connect() {
    source?.close();
    // Whatever this tab knows already is not told again, so a tab that knows less has to ask for it.
    others?.postMessage({ kind: "from", pos: seen });
    source = new EventSource("/events?since=" + encodeURIComponent(seen));
    const hear = (kind) => (event) => {
      const news = { kind, id: event.lastEventId, data: JSON.parse(event.data) };
      others?.postMessage(news);
      sign();
      take(news);
    };
    source.addEventListener("hello", hear("hello"));
    source.addEventListener("notices", hear("notices"));
    source.addEventListener("live", hear("live"));
    source.addEventListener("presence", hear("presence"));
    source.addEventListener("ping", sign);
    source.addEventListener("reset", startAgain);
    source.onerror = () => {
      lost();
      // Refused, because signed out or too many: the answer to a question says which.
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => resync().then(() => link.leads && connect()), AGAIN);
    };
  }
  function lead() {
    link.leads = true;
    lastSign = Date.now();
    if (link.lostAt) others?.postMessage({ kind: "lost" }); // whoever led until now may not know it yet
    connect();
    on.changed();
    return new Promise(() => {}); // until the tab is closed, or another one takes it
  }
  function queueForTheLead() {
    queued = new AbortController();
    navigator.locks.request(name, { signal: queued.signal }, lead).catch(lostTheLead);
  }
  function takeTheLead() {
    queued?.abort();
    navigator.locks.request(name, { steal: true }, lead).catch(lostTheLead);
  }
  function lostTheLead() {
    if (!link.leads) return;
    source?.close();
    source = null;
    link.leads = false;
    lastSign = Date.now();
    on.changed();
    void follow(); // it slept, or somebody thought so
  }
  function follow() {
    queueForTheLead();
    others.postMessage({ kind: "asks" });
    // What was told between the drawing of this page and now, nobody repeats.
    return catchUp();
  }
  // Ask until there is an answer: a proxy in front of a service that restarts answers everything with an error.
  let catching = null;
  function catchUp() {
    const until = async () => { while (!(await resync())) await new Promise((resolve) => setTimeout(resolve, AGAIN)); };
    catching ??= until().finally(() => { catching = null; });
    return catching;
  }
  function seekTheLead() {
    const led = (lock) => (lock ? lead() : void follow());
    navigator.locks.request(name, { ifAvailable: true }, led).catch(lostTheLead);
  }

  // Ask what goes on now. False when there was no usable answer.
  async function resync() {
    for (let attempt = 0; attempt < 5; attempt++) {
      const query = seen ? "?since=" + encodeURIComponent(seen) : "";
      const answer = await fetch("/events/state" + query, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.status === 401) { startAgain(); return true; }
      if (!answer?.ok) return false;
      const state = await answer.json();
      if (state.reset && seen) { startAgain(); return true; }
      if (seen && number(state.pos) < number(seen)) continue; // older than what has come meanwhile
      seen = state.pos;
      on.state(state);
      on.changed();
      return true;
    }
    return false;
  }

  function watch() {
    if (Date.now() - lastSign <= SILENCE) return;
    lost(lastSign);
    lastSign = Date.now();
    if (link.leads) connect();
    // Whoever leads may be asleep. A tab that is looked at does not wait for it.
    else if (shared && !document.hidden) takeTheLead();
  }

  others?.addEventListener("message", ({ data: news }) => {
    if (news.kind === "asks") { if (link.leads) others.postMessage({ kind: link.live ? "sign" : "lost" }); }
    else if (link.leads) return;
    else if (news.kind === "sign") sign();
    else if (news.kind === "lost") { lastSign = Date.now(); lost(); }
    else if (news.kind === "again") location.reload();
    else if (news.kind === "from") { if (number(seen) < number(news.pos)) catchUp(); }
    else { sign(); take(news); }
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) catchUp(); });
  document.addEventListener("resume", catchUp); // the browser had put the page to sleep
  window.addEventListener("online", () => resync().then(() => link.leads && connect()));
  setInterval(watch, 1000);
  const begun = since ? Promise.resolve() : resync(); // pages that show no calls begin with what goes on now
  begun.then(shared ? seekTheLead : lead);
  return link;
}
