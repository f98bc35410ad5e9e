/**
 * The page on which an organisation answers works without this script. With it each answer is saved as it is typed,
 * by itself: in this browser at once, on the server a moment later. Where a colleague saved other words meanwhile both
 * stand there and one chooses. The browser forgets words only when the server has them; what was left here is put back
 * when the page is opened again, or shown to be copied where nothing can be saved any more.
 */
import { TROUBLE, noteOf, say, tell, tooLarge, troubleOf } from "./keeping.js";
import { Drafts } from "./plan-drafts.js";

const WAIT = 1000; // milliseconds after the last key
const LONGEST = 20000;
const SAVED_WITH_A_BUTTON = /-(todo|who|when|link|label)$/;

const form = document.querySelector("form[data-return]");
const place = document.querySelector("[data-return]");
const drafts = place && new Drafts(place.dataset.person, `return-${place.dataset.return}`);
const waiting = new Map(); // line -> timer
const busy = new Map(); // line -> the saving under way
const typedIn = new Set(); // lines with words that the server does not have
let isLeaving = false;

const lines = () => [...document.querySelectorAll("[data-line]")];
const controls = (line) => [...line.querySelectorAll("input, textarea")].filter((each) => each.name && each.type !== "file");
const seenOf = (line) => line.querySelector("[name$=-seen]");
const isBox = (each) => !each.name.endsWith("-seen");

function typed(line) {
  const values = {};
  for (const each of controls(line)) {
    if (!["radio", "checkbox"].includes(each.type) || each.checked) values[each.name] = each.value;
  }
  return values;
}

/** What is saved by itself, in an order that tells whether anything changed. */
const words = (line) => JSON.stringify(Object.entries(typed(line)).filter(([name]) => !name.endsWith("-seen") && !SAVED_WITH_A_BUTTON.test(name)));

function fill(line, values) {
  const key = line.dataset.line;
  for (const each of controls(line).filter(isBox)) {
    const name = each.name.slice(key.length + 1);
    if (each.type === "checkbox") each.checked = name === "na" ? values.score === "na" : each.checked;
    else if (!(name in values)) continue;
    else if (each.type === "radio") each.checked = each.value === values[name];
    else each.value = values[name] === "na" ? "" : values[name];
  }
}

// Saving

async function save(line, { keepalive = false, still = false } = {}) {
  clearTimeout(waiting.get(line));
  waiting.delete(line);
  if (busy.has(line) && !keepalive) return waitFor(line);
  const sent = words(line);
  const body = new URLSearchParams(typed(line));
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  if (still) body.set("still", "1");
  const asked = fetch(line.dataset.save, { method: "POST", body, redirect: "manual", keepalive }).catch(() => null);
  busy.set(line, asked);
  const response = await asked;
  busy.delete(line);
  return taken(line, response, sent, still);
}

/** One answer is saved once at a time: what was typed meanwhile goes after it, with the version that it gave. */
function waitFor(line) {
  waiting.set(line, setTimeout(() => save(line), WAIT));
  return false;
}

async function taken(line, response, sent, still) {
  if (!response) return stay("offline");
  const trouble = troubleOf(response);
  if (trouble) return stay(trouble);
  const answer = await response.json().catch(() => null);
  if (!answer) return stay("broken");
  if (response.status === 409 && "seen" in answer) return choose(line, answer);
  const box = line.querySelector(`[id="${line.dataset.line}-${answer.field ?? ""}"]`) ?? line.querySelector("textarea");
  if (!response.ok) {
    if (answer.is_over) say(answer.problem);
    else tell(box, answer.problem);
    return false;
  }
  say("");
  line.querySelectorAll("[id$=-now]").forEach((note) => { note.textContent = ""; });
  seenOf(line).value = answer.seen;
  if (still) fill(line, answer.values);
  if (still || words(line) === sent) forget(line);
  else keep(line);
  line.querySelector("[data-by]").textContent = `${still ? "Said last time and still true. " : ""}Saved at ${answer.saved}`;
  document.getElementById("saved").textContent = `Saved at ${answer.saved}. You can close this page and come back.`;
  count();
  return true;
}

function stay(trouble) {
  if (!isLeaving) say(TROUBLE[trouble]);
  return false;
}

/** A colleague saved other words meanwhile: both stand there. Nothing more of the line is saved before one chooses. */
function choose(line, answer) {
  line.querySelector(".typed-here")?.remove();
  const take = () => {
    seenOf(line).value = answer.seen;
    fill(line, answer.values);
    forget(line);
    count();
    line.focus();
  };
  const mine = () => {
    seenOf(line).value = answer.seen;
    save(line);
    line.focus();
  };
  const note = noteOf(`${answer.by} saved this while you were writing:`, answer.theirs || "Nothing: the box was emptied", [
    ["Keep mine", mine],
    ["Take theirs", take],
  ], "before" in answer ? [["When you began it said:", answer.before || "Nothing yet"]] : []);
  note.setAttribute("role", "alert");
  line.querySelector(".now-and-last").before(note);
  return false;
}

function keep(line) {
  typedIn.add(line);
  drafts.keep(line.dataset.line, typed(line));
  clearTimeout(waiting.get(line));
  if (!line.querySelector(".typed-here")) waiting.set(line, setTimeout(() => save(line), WAIT));
}

function forget(line) {
  typedIn.delete(line);
  const half = Object.entries(typed(line)).filter(([name, value]) => SAVED_WITH_A_BUTTON.test(name) && value.trim());
  if (half.length) drafts.keep(line.dataset.line, Object.fromEntries(half));
  else drafts.forget(line.dataset.line);
}

// How far it is

/** Of a grading: the first box chosen, and said what shows it, which nothing needs that is not applicable. */
const isWhole = ([chosen, ...words]) => chosen !== "" && (chosen === "n/a" || words.every(Boolean));

function isAnswered(line) {
  const values = typed(line);
  const key = line.dataset.line;
  if (line.dataset.wants) return isWhole(line.dataset.wants.split(" ").map((name) => (values[`${key}-${name}`] ?? "").trim()));
  if (`${key}-text` in values) return values[`${key}-text`].trim() !== "";
  const score = values[`${key}-na`] ? "na" : values[`${key}-score`] ?? "";
  return score === "na" ? values[`${key}-reason`].trim() !== "" : score !== "";
}

function count() {
  const here = lines().filter((line) => "required" in line.dataset);
  const done = Number(form.dataset.elsewhere) + here.filter(isAnswered).length;
  const bar = document.getElementById("progress");
  bar.value = done;
  document.getElementById("progress-words").textContent = `${done} of ${form.dataset.asked} answered`;
  for (const line of here) {
    const gap = document.querySelector(`[data-gap="${line.dataset.line}"]`);
    if (gap) gap.hidden = isAnswered(line);
  }
  lines().forEach((line) => {
    const still = line.querySelector("[name=still]");
    if (still) still.hidden = controls(line).some((box) => box.tagName === "TEXTAREA" && /-(text|evidence|reason)$/.test(box.name) && box.value.trim()) || Boolean(line.querySelector("[type=radio]:checked"));
  });
}

// Words that stayed in this browser

const said = (values) => Object.entries(values).filter(([name, value]) => !name.endsWith("-seen") && value.trim() && !/-(score|na|answer)$/.test(name)).map(([, value]) => value).join("\n");

/** What was added with a button since stands in a list of its line, and no longer in its boxes. */
function withoutAdded(line, values) {
  const left = { ...values };
  const lists = [...line.querySelectorAll("ul.lines")];
  for (const name of Object.keys(values)) {
    const value = values[name].trim();
    const isThere = value && lists.some((list) => list.textContent.includes(value) || [...list.querySelectorAll("a")].some((link) => link.getAttribute("href") === value));
    const goes = name.endsWith("-todo") ? /-(todo|who|when)$/ : name.endsWith("-link") ? /-(link|label)$/ : null;
    if (isThere && goes) Object.keys(left).filter((each) => goes.test(each)).forEach((each) => delete left[each]);
  }
  return left;
}

function putBack() {
  const names = [];
  for (const line of lines()) {
    const draft = drafts.of(line.dataset.line);
    if (!draft) continue;
    draft.values = withoutAdded(line, draft.values);
    const now = typed(line);
    const differs = Object.entries(draft.values).filter(([name, value]) => !name.endsWith("-seen") && (now[name] ?? "") !== value);
    if (!differs.length) {
      drafts.forget(line.dataset.line);
      continue;
    }
    const isOlder = line.dataset.saved && Date.parse(line.dataset.saved) > draft.at;
    if (isOlder && said(draft.values)) {
      line.querySelector(".now-and-last").before(noteOf("You typed this on this device and it was not saved:", said(draft.values), [["Throw it away", () => { drafts.forget(line.dataset.line); line.focus(); }]]));
      continue;
    }
    for (const each of controls(line).filter(isBox)) {
      if (["radio", "checkbox"].includes(each.type)) each.checked = draft.values[each.name] === each.value;
      else if (each.name in draft.values) each.value = draft.values[each.name];
    }
    names.push(line.querySelector("h3").textContent.trim());
    line.querySelectorAll("details").forEach((part) => { part.open ||= [...part.querySelectorAll("textarea, [type=text]")].some((box) => box.value); });
    if (words(line) !== line.dataset.words) keep(line);
  }
  const note = document.getElementById("put-back");
  note.hidden = !names.length;
  note.textContent = names.length ? `What you typed here and had not reached us is put back: ${names.join("; ")}.` : "";
}

/** Where nothing can be saved any more: what was typed on this device, to be copied or thrown away. */
function showLeft() {
  const left = document.getElementById("typed-here");
  for (const key of drafts.cells()) {
    const values = drafts.of(key)?.values ?? {};
    const title = document.getElementById(`words-${key}`)?.textContent.trim() ?? "";
    if (said(values)) left.append(noteOf(`You typed this on this device and it was not saved. ${title}`, said(values), [["Throw it away", () => drafts.forget(key)]]));
    else drafts.forget(key);
  }
}

function begin() {
  lines().forEach((line) => { line.dataset.words = words(line); });
  form.addEventListener("input", (event) => {
    const box = event.target;
    const line = box.closest("[data-line]");
    if (!line || !box.name) return;
    if (box.type === "file") {
      tooLarge(box);
      return;
    }
    if (SAVED_WITH_A_BUTTON.test(box.name)) {
      drafts.keep(line.dataset.line, typed(line));
      return;
    }
    if (box.tagName === "TEXTAREA") tell(box, box.value.length > LONGEST ? `You have ${box.value.length.toLocaleString("en-GB")} characters and ${LONGEST.toLocaleString("en-GB")} is the most. Shorten it, or add it as a file.` : "");
    keep(line);
    count();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[name=still]");
    if (!button) return;
    event.preventDefault();
    const line = button.closest("[data-line]");
    save(line, { still: true }).then((isSaved) => { if (isSaved) line.focus(); });
  });
  form.addEventListener("submit", () => {
    isLeaving = true;
    waiting.forEach((timer) => clearTimeout(timer));
    // What the page sends now it also keeps, until the next page shows it saved.
    typedIn.forEach((line) => drafts.keep(line.dataset.line, typed(line)));
  });
  putBack();
  count();
}

if (form) {
  begin();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !isLeaving) typedIn.forEach((line) => save(line, { keepalive: true }));
  });
  window.addEventListener("online", () => typedIn.forEach((line) => save(line)));
} else if (place) showLeft();
