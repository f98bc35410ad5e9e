/**
 * Say that the session is about to end, early enough to stay. A page left open in another tab counts as being here.
 * When it has ended nothing is taken off the page: what is sent then is kept, and offered again after signing in.
 */
const WARNED_BEFORE = 120; // seconds
const SENT_AGAIN = 60; // the server notes at most once a minute that somebody was here: partnership.accounts.limits
const KEY = "session-last-request";

const script = document.getElementById("session-end");
const endsIn = Number(script.dataset.endsIn) - SENT_AGAIN;
const warnedBefore = Math.min(WARNED_BEFORE, endsIn / 2);
let dialog = null;
let lastSaid = "";

function remember() {
  try { localStorage.setItem(KEY, String(Date.now())); } catch { /* kept by this page alone */ }
  loadedAt = Date.now();
}

function lastRequest() {
  try { return Math.max(loadedAt, Number(localStorage.getItem(KEY)) || 0); } catch { return loadedAt; }
}

let loadedAt = Date.now();
remember();
document.body.addEventListener("htmx:afterRequest", remember);

function made() {
  const box = document.createElement("dialog");
  box.className = "session-end";
  box.setAttribute("aria-labelledby", "session-end-head");
  box.setAttribute("aria-describedby", "session-end-said");
  const head = document.createElement("h2");
  head.id = "session-end-head";
  head.className = "govuk-heading-m";
  const said = document.createElement("p");
  said.id = "session-end-said";
  said.setAttribute("aria-live", "polite");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button";
  box.append(head, said, button);
  box.addEventListener("cancel", (event) => { event.preventDefault(); press(); }); // Escape stays, too
  button.addEventListener("click", () => press());
  document.body.append(box);
  return box;
}

let press = () => {};

function show(head, words, label, act) {
  dialog ??= made();
  press = act;
  dialog.querySelector("h2").textContent = head;
  if (words !== lastSaid) dialog.querySelector("p").textContent = words;
  lastSaid = words;
  dialog.querySelector("button").textContent = label;
  if (!dialog.open) dialog.showModal();
}

function hide() {
  if (dialog?.open) dialog.close();
}

async function stay() {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  let answer = null;
  try {
    answer = await fetch(script.dataset.stay, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token } });
  } catch {
    show("We cannot reach the planner", "Your words stay on this page. Try again when you are connected.", "Try again", stay);
    return;
  }
  if (answer.status === 204) {
    remember();
    hide();
  } else {
    ended();
  }
}

let isOver = false;

function ended() {
  isOver = true;
  show(
    "You have been signed out",
    "Nothing was done here for a while. What you typed is still on this page: send it as you would have, and after you sign in again it is offered to you to save.",
    "Back to the page",
    hide,
  );
}

function inWords(seconds) {
  return seconds > 60 ? "2 minutes" : seconds > 30 ? "1 minute" : "less than half a minute";
}

setInterval(() => {
  const left = endsIn - (Date.now() - lastRequest()) / 1000;
  if (left > warnedBefore) {
    if (!isOver) hide();
  } else if (left > 0) {
    show(
      "Are you still there?",
      `You will be signed out in ${inWords(left)}, because nothing was done here for a while.`,
      "Stay signed in",
      stay,
    );
  } else if (!isOver) {
    ended();
  }
}, 1000);
