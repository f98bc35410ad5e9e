/**
 * Everything due from one person, on one page that works without this script. With it, each line is
 * saved as it is typed: in this browser at once, and on the server a moment later. The browser forgets a
 * line's words only when the server has them. Where the server cannot be reached, or the session has ended,
 * the page says so and stays as it is; what was left here is put back when the page is opened again.
 */
import { TROUBLE, say, tell, tooLarge, troubleOf } from "./keeping.js";
import { Drafts } from "./plan-drafts.js";

const WAIT = 1200; // milliseconds after the last key
const LONGEST = 5000;

let form = null;
let drafts = null;
const waiting = new Map(); // line -> timer
const typedIn = new Set(); // lines with words that the server does not have

const key = (line) => `${line.dataset.line}-${line.dataset.round}`;
const open = () => [...form.querySelectorAll("[data-draft]")];
const controls = (line) => [...line.querySelectorAll("input, textarea")].filter((each) => each.name && each.type !== "file");

function typed(line) {
  const values = {};
  for (const each of controls(line)) {
    if (each.type !== "radio" || each.checked) {
      values[each.name] = each.value;
    }
  }
  return values;
}

function bodyOf(line) {
  const body = new URLSearchParams(typed(line));
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return body;
}

async function save(line, { keepalive = false } = {}) {
  clearTimeout(waiting.get(line));
  waiting.delete(line);
  const sent = JSON.stringify(typed(line));
  let response;
  try {
    response = await fetch(line.dataset.draft, { method: "POST", body: bodyOf(line), redirect: "manual", keepalive });
  } catch {
    say(TROUBLE.offline);
    return false;
  }
  const trouble = troubleOf(response);
  if (trouble) {
    say(TROUBLE[trouble]);
    return false;
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    say(answer.problem || TROUBLE.broken);
    return false;
  }
  say("");
  if (JSON.stringify(typed(line)) === sent) {
    typedIn.delete(line);
    drafts.forget(key(line));
  }
  const saved = document.getElementById("saved");
  saved.dataset.count ??= saved.textContent.match(/\d+ of \d+ answered\./)?.[0] ?? "";
  const strong = document.createElement("strong");
  strong.textContent = `Saved at ${answer.saved}.`;
  saved.replaceChildren(strong, ` ${saved.dataset.count} You can close this page and come back.`);
  return true;
}

function keep(line) {
  typedIn.add(line);
  drafts.keep(key(line), typed(line));
  clearTimeout(waiting.get(line));
  waiting.set(line, setTimeout(() => save(line), WAIT));
}

/** The page is being left: what the server does not have goes there now, if it is short enough for that. */
function saveAll() {
  typedIn.forEach((line) => save(line, { keepalive: true }));
}

// Words that stayed in this browser

function putBack() {
  const names = [];
  for (const line of form.querySelectorAll("[data-line]")) {
    const draft = drafts.of(key(line));
    if (!draft) continue;
    const now = typed(line);
    const differs = Object.entries(draft.values).filter(([name, value]) => !name.endsWith("-seen") && (now[name] ?? "") !== value);
    const hasWords = differs.some(([, value]) => value.trim());
    if (!differs.length || !hasWords) {
      drafts.forget(key(line));
      continue;
    }
    const isOlder = line.dataset.saved && Date.parse(line.dataset.saved) > draft.at;
    if (!line.dataset.draft || isOlder) {
      offer(line, differs);
      continue;
    }
    for (const each of controls(line)) {
      if (each.name in draft.values && !each.name.endsWith("-seen")) {
        if (each.type === "radio") each.checked = each.value === draft.values[each.name];
        else each.value = draft.values[each.name];
      }
    }
    names.push(line.querySelector("h3").textContent);
    line.querySelectorAll("details").forEach((part) => { part.open ||= [...part.querySelectorAll("textarea, [type=text]")].some((box) => box.value); });
    keep(line);
  }
  const note = document.getElementById("put-back");
  note.hidden = !names.length;
  note.textContent = names.length ? `What you typed here and had not reached us is put back: ${names.join("; ")}.` : "";
}

/** Words typed on this device for a line that was answered, or typed in elsewhere, since: to copy or throw away. */
function offer(line, differs) {
  const note = document.createElement("div");
  note.className = "note amber typed-here";
  const head = document.createElement("p");
  head.className = "strong";
  head.textContent = "You typed this on this device and it was not sent:";
  const words = document.createElement("p");
  words.className = "typed-words";
  words.textContent = differs.map(([, value]) => value).filter((value) => /\D/.test(value) && !["yes", "no"].includes(value)).join("\n");
  const away = document.createElement("button");
  away.type = "button";
  away.className = "link-button";
  away.textContent = "Throw it away";
  away.addEventListener("click", () => {
    drafts.forget(key(line));
    note.remove();
    line.focus();
  });
  note.append(head, words, away);
  (line.querySelector(".asked, .note") ?? line).before(note);
}

// While typing: too long, the date as read, a file too large

function count(box) {
  const many = box.value.length;
  tell(box, many > LONGEST ? `You have ${many.toLocaleString("en-GB")} characters and ${LONGEST.toLocaleString("en-GB")} is the most. Shorten it, or add it as a file.` : "");
}

let reading = null;
function read(box) {
  clearTimeout(reading);
  reading = setTimeout(async () => {
    const place = document.getElementById(`${box.id}-reading`);
    const response = await fetch(`${box.dataset.reads}?${new URLSearchParams({ words: box.value.slice(0, 500) })}`, { redirect: "manual" }).catch(() => null);
    if (response?.ok) place.textContent = box.value.trim() ? await response.text() : "";
  }, 300);
}

/** A day that is chosen is what stands in the box, and one typed into the box is no longer the one chosen. */
function agree(box) {
  if (box.dataset.fills) {
    const words = document.getElementById(box.dataset.fills);
    words.value = box.value;
    read(words);
  } else if (box.dataset.reads) {
    form.querySelectorAll(`[data-fills="${box.id}"]`).forEach((each) => { each.checked = each.value === box.value.trim(); });
  }
}

// Sending: the page stays where the server cannot take it

async function send(event) {
  event.preventDefault();
  const button = event.submitter;
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  open().forEach((line) => { if (typedIn.has(line)) drafts.keep(key(line), typed(line)); });
  waiting.forEach((timer) => clearTimeout(timer));
  waiting.clear();
  const buttons = [...form.querySelectorAll("button[type=submit]")];
  buttons.forEach((each) => { each.disabled = true; });
  form.inert = true; // what is typed now would not be on the page that comes back
  let response;
  try {
    response = await fetch(button?.getAttribute("formaction") || form.getAttribute("action"), { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  } catch {
    response = null;
  }
  form.inert = false;
  buttons.forEach((each) => { each.disabled = false; });
  const at = response?.url ? new URL(response.url) : null;
  if (!response) return stay("offline");
  if (at.pathname.startsWith("/sign-in/")) return stay("ended");
  if (response.status === 403 || response.status >= 500 || response.status === 400 || response.status === 413) return stay(response.status === 403 ? "refused" : "broken");
  typedIn.forEach((line) => drafts.forget(key(line)));
  typedIn.clear();
  show(await response.text(), response, button);
}

function stay(trouble) {
  say(TROUBLE[trouble]);
  document.getElementById("trouble").scrollIntoView({ block: "center" });
}

/** Put the page that came back in place of this one, and the keyboard where it goes on. */
function show(html, response, button) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  if (!page.querySelector("[data-updates]") || response.status === 404) {
    window.location.assign(response.status < 400 ? response.url : window.location.href);
    return;
  }
  const from = button?.closest("[data-line]");
  const lines = [...form.querySelectorAll("[data-line]")].map((line) => line.dataset.line);
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  document.body.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: main } }));
  begin();
  const problem = main.querySelector(".govuk-error-summary");
  if (problem) {
    problem.setAttribute("tabindex", "-1");
    problem.focus();
    return;
  }
  const after = from ? lines.slice(lines.indexOf(from.dataset.line) + 1).concat(lines) : lines;
  const stays = button?.name === "start" || button?.getAttribute("formaction")?.includes("/evidence/");
  const next = stays ? from.dataset.line : after.find((pk) => main.querySelector(`#line-${pk}[data-draft]`));
  const goes = next ? main.querySelector(`#line-${next}`) : main.querySelector(".govuk-notification-banner, h1");
  goes?.setAttribute("tabindex", "-1");
  goes?.focus({ preventScroll: true });
  goes?.scrollIntoView({ block: "nearest" });
  if (button?.name === "start") {
    const box = goes.querySelector("textarea[name$=progress]");
    box.focus({ preventScroll: true });
    box.setSelectionRange(box.value.length, box.value.length);
  }
}

function begin() {
  form = document.querySelector("[data-updates]");
  if (!form) return;
  drafts = new Drafts(form.dataset.person, "updates");
  form.addEventListener("input", (event) => {
    const box = event.target;
    const line = box.closest("[data-draft]");
    if (!line || !box.name) return;
    if (box.type === "file") return tooLarge(box);
    if (box.tagName === "TEXTAREA") count(box);
    if (box.dataset.reads) read(box);
    agree(box);
    keep(line);
  });
  form.addEventListener("submit", send);
  putBack();
}

begin();
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && form) saveAll();
});
window.addEventListener("pagehide", () => { if (form) saveAll(); });
window.addEventListener("online", () => { if (form) typedIn.forEach((line) => save(line)); });
