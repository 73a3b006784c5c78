// The live page: follows the stream of changes, keeps both lists in order, says what came, and can be paused.
// Without it the page is whole as it was loaded.
const page = document.querySelector("[data-live]");
const bar = page.querySelector("[data-live-bar]");
const button = page.querySelector("[data-live-pause]");
const state = page.querySelector("[data-live-state]");
const polite = document.querySelector("[data-live-polite]");
const urgent = document.querySelector("[data-live-urgent]");
const counts = page.querySelector("[data-live-counts]");
const lists = { waiting: page.querySelector("#waiting"), "in-hand": page.querySelector("#in-hand") };
const PARTS_EVERY_MS = 30000;
const PARTS_AFTER_MS = 1500;

let paused = false;
let held = new Map();
let refetch = 0;
let said = [];
let sayLater = 0;

const rowOf = (id) => page.querySelector(`[data-incident="${CSS.escape(id)}"]`);

function show(change) {
  const old = rowOf(change.id);
  if (old && Number(old.dataset.version) >= change.version) return;
  const wasIn = old ? old.parentElement.id : "";
  const hadFocus = old && old.contains(document.activeElement);
  if (old) old.remove();
  const list = lists[change.list];
  if (list) {
    const holder = document.createElement("template");
    holder.innerHTML = change.html.trim();
    const row = holder.content.firstElementChild;
    const before = [...list.children].find(
      (one) =>
        Number(one.dataset.rank) < change.rank ||
        (Number(one.dataset.rank) === change.rank && Number(one.dataset.posted) < change.posted),
    );
    list.insertBefore(row, before || null);
    if (wasIn !== list.id) row.classList.add("parapet-queue__item--new");
    if (hadFocus) row.querySelector("a").focus();
  }
  if (change.list === "waiting" && wasIn !== "waiting") announce(change);
  count();
}

function announce(change) {
  if (change.critical) urgent.textContent = change.say;
  else {
    said.push(change.say);
    clearTimeout(sayLater);
    sayLater = setTimeout(() => {
      const news = said.length > 2 ? `${said.length} new incidents.` : said.join(" ");
      polite.textContent = `${news} ${counts.textContent}`;
      said = [];
    }, 700);
  }
}

function count() {
  for (const [name, list] of Object.entries(lists)) {
    if (!list) continue;
    const number = list.children.length;
    page.querySelector(`[data-empty="${name}"]`).hidden = number > 0;
    list.hidden = number === 0;
  }
  const critical = lists.waiting.querySelectorAll(".parapet-queue__item--critical").length;
  page.querySelector("[data-critical-warning]").hidden = critical === 0;
  counts.textContent = `${lists.waiting.children.length + Number(counts.dataset.beyond)} open, ${critical} critical.`;
}

function take(change) {
  if (paused) {
    held.set(change.id, change);
    if (change.critical && change.list === "waiting" && !rowOf(change.id)) urgent.textContent = change.say;
    say();
    return;
  }
  show(change);
  clearTimeout(refetch);
  refetch = setTimeout(parts, PARTS_AFTER_MS);
}

function say(words) {
  if (words) state.textContent = words;
  else if (!paused) state.textContent = "Live: new incidents appear by themselves.";
  else if (held.size === 0) state.textContent = "Paused: nothing new since.";
  else state.textContent = `Paused: ${held.size} ${held.size === 1 ? "change waits" : "changes wait"}.`;
}

async function parts() {
  if (paused) return;
  const shown = document.querySelector("#live-parts");
  if (!shown || shown.contains(document.activeElement)) return;
  try {
    const answer = await fetch("/live/parts", { headers: { accept: "text/html" } });
    if (answer.ok && !answer.redirected) shown.innerHTML = await answer.text();
  } catch {
    // the stream says so when the console is away
  }
}

button.addEventListener("click", () => {
  paused = !paused;
  button.textContent = paused ? "Go on" : "Pause";
  if (!paused) {
    for (const change of held.values()) show(change);
    held = new Map();
    parts();
  }
  say();
});

bar.hidden = false;
const stream = new EventSource("/live/feed");
stream.addEventListener("open", () => say());
stream.addEventListener("error", () => say("Not connected: trying again. What you see may be old."));
stream.addEventListener("incident", (event) => take(JSON.parse(event.data)));
stream.addEventListener("reload", () => window.location.reload());
stream.addEventListener("signed-out", () => {
  stream.close();
  say("You are signed out: load the page again to sign in.");
});
setInterval(parts, PARTS_EVERY_MS);
