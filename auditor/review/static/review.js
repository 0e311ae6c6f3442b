// Forms and links without a reload, the keyboard, what was said last, and the lease on the finding at hand. The page is whole without it.
const DEFAULTS = {
  next: "j", previous: "k", accept: "a", own: "e", rewrite: "r", dismiss: "d", everywhere: "D", here: "x", query: "q", passage: "p", clear: "P", note: "n",
  text: "t", undo: "u", look: "l", comment: "c", sign: "s", filter: "/", help: "?",
};
const page = () => document.getElementById("page");
const said = document.getElementById("said");
let keys = { ...DEFAULTS }, on = true, number = 0;

// What the browser keeps of an editor's own keys.
try {
  const kept = JSON.parse(localStorage.getItem("auditor-keys") ?? "{}");
  on = kept.on !== false;
  for (const name in DEFAULTS) if (typeof kept[name] === "string" && kept[name].length === 1) keys[name] = kept[name];
} catch { /* a browser that keeps nothing */ }
const keep = () => { try { localStorage.setItem("auditor-keys", JSON.stringify({ ...keys, on })); } catch { /* the same */ } };

function tell(words, amiss = false) {
  said.classList.toggle("amiss", amiss);
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = words; });
}

// Each key is shown on what it does, and told to screen readers.
function label() {
  document.body.classList.toggle("no-shortcuts", !on);
  for (const each of document.querySelectorAll("[data-action]")) {
    const key = keyOf(each.dataset.action);
    const sign = each.querySelector("kbd.key") ?? each.closest("label")?.querySelector("kbd.key");
    if (sign && key) sign.textContent = key;
    if (on && key) each.setAttribute("aria-keyshortcuts", key.length === 1 && key !== key.toLowerCase() ? `Shift+${key}` : key);
    else each.removeAttribute("aria-keyshortcuts");
  }
  for (const box of document.querySelectorAll("[data-shortcut]")) {
    box.disabled = false;
    box.value = keys[box.dataset.shortcut] ?? "";
  }
  for (const box of document.querySelectorAll("[data-switch=keys]")) { box.disabled = false; box.checked = on; }
  for (const each of document.querySelectorAll("[data-with-script]")) each.hidden = false;
}
const keyOf = (action) => (action.startsWith("fix-") ? action.slice(4) : keys[action]);

function settle(text, address, mode) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const next = fresh.getElementById("page");
  if (!next) { location.assign(address); return; }
  const scrolled = document.querySelector(".queue")?.scrollTop ?? 0;
  page().replaceWith(document.adoptNode(next));
  document.title = fresh.title;
  if (mode === "push") history.pushState(null, "", address);
  if (mode === "replace") history.replaceState(null, "", address);
  const words = fresh.getElementById("said")?.textContent.trim() ?? "";
  tell(words, fresh.getElementById("said")?.classList.contains("amiss"));
  const queue = document.querySelector(".queue");
  if (queue) queue.scrollTop = scrolled;
  prepare();
  const named = document.getElementById(decodeURIComponent(new URL(address, location.href).hash.slice(1)));
  if (named) named.scrollIntoView({ block: "center" });
  else window.scrollTo(0, 0);
  (page().querySelector("[autofocus]") ?? page().querySelector("h1"))?.focus({ preventScroll: Boolean(named) });
}

async function fetched(address, options, mode) {
  const mine = ++number;
  let answer, text;
  page().classList.add("busy");
  try {
    answer = await fetch(address, { ...options, headers: { "X-Swap": "1" }, credentials: "same-origin" });
    text = await answer.text();
  } catch {
    tell(options.body ? "Not saved: the program does not answer. What you typed still stands here; start it again and try once more." : "The program does not answer.", true);
    return;
  } finally {
    page().classList.remove("busy");
  }
  if (mine !== number && !options.body) return;
  if (options.body && answer.status >= 400 && answer.status !== 409) {
    const why = new DOMParser().parseFromString(text, "text/html");
    tell((why.getElementById("said")?.textContent || why.querySelector("main .empty")?.textContent || "That did not work.").trim(), true);
    return;
  }
  settle(text, answer.headers.get("X-Address") ?? answer.url, answer.status === 409 ? "none" : mode);
}

function prepare() {
  label();
  const queue = page().querySelector(".queue"), here = queue?.querySelector("ol [aria-current]");
  if (!here || queue.scrollHeight <= queue.clientHeight) return;
  const inside = here.getBoundingClientRect(), frame = queue.getBoundingClientRect();
  if (inside.top < frame.top || inside.bottom > frame.bottom) queue.scrollTop += inside.top - frame.top - frame.height / 3;
}

const plain = (event) => !(event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !plain(event) || event.shiftKey || event.button || link.origin !== location.origin || link.hasAttribute("download")) return;
  if (link.pathname === location.pathname && link.hash && link.search === location.search) return;
  if (link.pathname.startsWith("/out/")) return;
  event.preventDefault();
  fetched(link.href, {}, "push");
});

document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (event.defaultPrevented) return;
  event.preventDefault();
  const address = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action"), location.href);
  const values = new FormData(form, button);
  if (form.method === "get") {
    const asked = new URLSearchParams([...values].filter(([, value]) => value !== ""));
    fetched(`${address.pathname}?${asked}`, {}, "push");
  } else {
    const body = form.enctype === "multipart/form-data" ? values : new URLSearchParams(values);
    fetched(address, { method: "POST", body }, form.dataset.history ?? "replace");
  }
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.closest(".filters form") && box.tagName === "SELECT") box.form.requestSubmit();
  if (box.dataset.all) for (const each of box.form.querySelectorAll(`input[name=${box.dataset.all}]`)) each.checked = box.checked;
  if (box.dataset.switch === "keys") { on = box.checked; keep(); label(); tell(on ? "Shortcuts are on." : "Shortcuts are off."); }
  if (box.dataset.shortcut) remap(box);
});

function remap(box) {
  const name = box.dataset.shortcut, key = box.value.trim();
  const other = Object.keys(keys).find((each) => each !== name && keys[each] === key);
  if (key.length !== 1 || /[0-9]/.test(key)) tell("A shortcut is one sign that is no digit.", true);
  else if (other) tell(`“${key}” already belongs to another action.`, true);
  else { keys[name] = key; keep(); tell(`“${key}” is kept in this browser.`); }
  label();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-reset=keys]")) return;
  keys = { ...DEFAULTS }; on = true; keep(); label(); tell("The keys are as they were at first.");
});

window.addEventListener("popstate", () => fetched(location.href, {}, "none"));

const typing = (node) => node.closest?.("textarea, select, input:not([type=checkbox], [type=radio], [type=file]), [contenteditable]");

document.addEventListener("keydown", (event) => {
  const field = typing(event.target);
  if (field) {
    if (event.key === "Escape") { field.blur(); page().querySelector("h1")?.focus(); }
    if (event.key === "Enter" && field.dataset.enter && !event.isComposing) {
      event.preventDefault();
      const button = document.getElementById(field.dataset.enter);
      if (field.dataset.enterOnly === "focus") button?.focus(); else field.form.requestSubmit(button);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form?.requestSubmit(field.form.querySelector("[data-submit]") ?? undefined);
    return;
  }
  if (!on || !plain(event) || event.repeat && !"jk".includes(event.key)) return;
  const action = /^[1-9]$/.test(event.key) ? `fix-${event.key}` : Object.keys(keys).find((name) => keys[name] === event.key);
  const goal = action && [...document.querySelectorAll(`[data-action="${action}"]`)].find((each) => !each.disabled && each.checkVisibility());
  if (!goal) { if (action === "next" || action === "previous") step(event, action === "next" ? 1 : -1); return; }
  event.preventDefault();
  const box = goal.matches("summary") ? goal.parentElement : goal.closest("details");
  if (goal.matches("summary")) box.open = true;
  else if (box) box.open = true;
  const input = goal.matches("summary") ? box.querySelector("textarea, input:not([type=hidden])") : goal;
  if (input?.matches("textarea, input, select")) { input.focus(); input.select?.(); } else goal.click();
});

// In a text j and k go from mark to mark.
function step(event, by) {
  const marks = [...document.querySelectorAll("[data-step]")];
  event.preventDefault();
  if (!marks.length) { tell(by > 0 ? "This is the last finding of the list." : "This is the first finding of the list."); return; }
  const here = marks.indexOf(document.activeElement);
  marks[here < 0 ? (by > 0 ? 0 : marks.length - 1) : (here + by + marks.length) % marks.length].focus();
}

// Words selected in a text are put into the form for what was missed; their place is counted in code points.
document.addEventListener("selectionchange", () => {
  const form = document.getElementById("missed"), chosen = getSelection();
  const part = chosen.rangeCount && chosen.getRangeAt(0).startContainer.parentElement?.closest("[data-at]");
  if (!form || !part || chosen.isCollapsed) return;
  const before = document.createRange();
  before.setStart(part, 0);
  before.setEnd(chosen.getRangeAt(0).startContainer, chosen.getRangeAt(0).startOffset);
  form.elements.words.value = chosen.toString().replace(/\s+/g, " ").trim();
  form.elements.near.value = Number(part.dataset.at) + [...before.toString()].length;
});

// Copy dropped anywhere on the page for it goes into its form.
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const drop = document.querySelector(".drop"), files = drop?.querySelector("input[type=file]");
    if (!files || ![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") { files.files = event.dataTransfer.files; files.form.requestSubmit(); }
  });
}

// The finding at hand is held while its page is open.
const held = () => page().querySelector("[data-lease]");
const lease = (what, beacon) => {
  const form = held();
  if (!form) return null;
  const body = new URLSearchParams({ csrf: form.dataset.csrf, key: form.dataset.lease });
  return beacon ? navigator.sendBeacon(what, body) : fetch(what, { method: "POST", body, credentials: "same-origin" });
};
// While the folder is being read beside the page: what came of it is said, and a page that shows no finding shows what joined the list.
setInterval(async () => {
  if (!page().querySelector("[data-looking]") || document.hidden) return;
  try {
    const news = await (await fetch("/news", { credentials: "same-origin" })).json();
    if (!news.running) page().querySelector("[data-looking]")?.remove();
    if (!news.said) return;
    if (!page().querySelector("#decide, textarea") && !typing(document.activeElement)) await fetched(location.href, {}, "none");
    tell(news.said);
  } catch { /* the next decision says it */ }
}, 1500);
setInterval(async () => {
  const key = held()?.dataset.lease;
  if (!key || document.hidden) return;
  try {
    const answer = await lease("/heartbeat");
    if (answer?.status === 409 && held()?.dataset.lease === key) tell((await answer.text()).slice(0, 200), true);
  } catch { /* the next decision says it */ }
}, 20000);
window.addEventListener("pagehide", () => lease("/release", true));

prepare();
