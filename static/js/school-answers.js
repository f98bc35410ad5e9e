/**
 * A school's answers, saved one by one as they are given, on a page that works without this script. What cannot
 * be saved stays on the page and is tried again. Where somebody else at the school was first, both stand there.
 */
const WAIT = 900; // milliseconds after the last key
const TROUBLE = {
  offline: "We cannot reach the survey, so what you type is not saved yet. Leave this page open: we try again when you are connected.",
  over: "This survey takes no answers from this page any more. Copy what you typed before you close it.",
  broken: "Something went wrong on our side, so your last answer is not saved yet. We try again when you go on.",
};

const form = document.querySelector("[data-school-answers]");
const waiting = new Map(); // question -> timer
const unsaved = new Set(); // questions with words that the server does not have
const theirs = new Map(); // question -> what somebody else saved first
const underWay = new Map(); // question -> the promise of its save: one at a time, or it would be its own rival

const part = (box, name) => form.elements[`${name}-${box.dataset.question}`];

function say(trouble) {
  const note = document.getElementById("trouble");
  note.hidden = !trouble;
  note.textContent = trouble;
}

function show(box, selector, words) {
  const note = box.querySelector(selector);
  note.hidden = !words;
  note.querySelector("[data-words]").textContent = words;
  const isWrong = [...box.querySelectorAll("[data-problem], [data-theirs]")].some((each) => !each.hidden);
  box.classList.toggle("govuk-form-group--error", isWrong);
}

function bodyOf(box) {
  const body = new URLSearchParams();
  for (const name of ["value", "text", "seen"]) {
    body.set(`${name}-${box.dataset.question}`, part(box, name)?.value ?? "");
  }
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return body;
}

const said = (body) => body.toString().replace(/seen-\d+=\d*/, "");

async function save(box, { keepalive = false } = {}) {
  clearTimeout(waiting.get(box));
  waiting.delete(box);
  await underWay.get(box);
  if (!unsaved.has(box)) return;
  const saving = send(box, keepalive);
  underWay.set(box, saving);
  await saving;
  underWay.delete(box);
}

async function send(box, keepalive) {
  const body = bodyOf(box);
  let response;
  try {
    response = await fetch(box.dataset.save, { method: "POST", body, redirect: "manual", keepalive });
  } catch {
    say(TROUBLE.offline);
    return;
  }
  const answer = await response.json().catch(() => ({}));
  if (response.status === 422) {
    show(box, "[data-problem]", answer.problem);
    return;
  }
  if (response.status === 409) {
    part(box, "seen").value = answer.version;
    theirs.set(box, answer);
    unsaved.delete(box); // nothing of theirs is written over until this person has chosen
    box.querySelector("[data-choose]").hidden = false;
    show(box, "[data-theirs]", [answer.words, answer.text].filter(Boolean).join(". ") || "Nothing: it was emptied.");
    return;
  }
  if (!response.ok) {
    say(response.status === 410 || response.status === 404 ? TROUBLE.over : TROUBLE.broken);
    return;
  }
  part(box, "seen").value = answer.version;
  show(box, "[data-problem]", "");
  show(box, "[data-theirs]", "");
  say("");
  if (said(bodyOf(box)) === said(body)) unsaved.delete(box);
  const boxes = [...form.querySelectorAll("[data-question]")];
  document.getElementById("saved").textContent =
    `Saved at ${answer.saved}. ${boxes.filter(isAnswered).length} of ${boxes.length} answered. You can stop, and come back by the same link.`;
}

function isAnswered(box) {
  const value = part(box, "value");
  return Boolean((value ? value.value : part(box, "text").value).trim());
}

function put(box, value, text) {
  const choice = part(box, "value");
  if (choice) choice.value = value;
  part(box, "text").value = text;
}

function keep(box, wait) {
  unsaved.add(box);
  clearTimeout(waiting.get(box));
  waiting.set(box, setTimeout(() => save(box), wait));
}

if (form?.querySelector("[data-save]")) {
  form.addEventListener("input", (event) => {
    const box = event.target.closest("[data-save]");
    if (box) keep(box, event.target.type === "radio" ? 0 : WAIT);
  });
  form.addEventListener("click", (event) => {
    const box = event.target.closest("[data-save]");
    const still = event.target.closest("[data-still-value]");
    if (still) {
      event.preventDefault();
      put(box, still.dataset.stillValue, still.dataset.stillText);
      still.remove();
    } else if (event.target.closest("[data-put-theirs]")) {
      put(box, theirs.get(box).value, theirs.get(box).text);
    } else if (!event.target.closest("[data-mine]")) {
      return;
    }
    keep(box, 0);
  });
  form.addEventListener("submit", () => {
    waiting.forEach((timer) => clearTimeout(timer));
    waiting.clear();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") unsaved.forEach((box) => save(box, { keepalive: true }));
  });
  window.addEventListener("online", () => unsaved.forEach((box) => save(box)));
}
