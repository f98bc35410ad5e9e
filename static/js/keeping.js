/**
 * What pages have in common that save as one types: what went wrong in words, and words that stayed in this
 * browser because nobody could take them.
 */
export const HELD = "Your words are kept on this device.";
export const TROUBLE = {
  offline: `We cannot reach the planner, so nothing you type is sent. ${HELD} We try again when you type on.`,
  ended: `You are no longer signed in. ${HELD} Sign in again in this browser and they are put back.`,
  refused: `You are signed out here, or somebody else answers this now. ${HELD} Sign in again in this browser and they are put back.`,
  broken: `Something went wrong on our side. ${HELD} Try again in a few minutes.`,
};

export function say(trouble, more = "") {
  const note = document.getElementById("trouble");
  note.hidden = !trouble;
  note.textContent = trouble ? `${trouble}${more}` : "";
}

/** What an answer of the server means: a key of TROUBLE, or nothing. */
export function troubleOf(response) {
  if (response.type === "opaqueredirect") return "ended";
  if (response.status === 403) return "refused";
  return response.status >= 500 || response.status === 400 ? "broken" : "";
}

/** A note under a box that says while somebody types what is wrong with it. */
export function tell(box, said) {
  let note = document.getElementById(`${box.id}-now`);
  if (!note && said) {
    note = document.createElement("p");
    note.id = `${box.id}-now`;
    note.className = "govuk-error-message";
    note.setAttribute("aria-live", "polite");
    box.after(note);
  }
  if (note) note.textContent = said;
}

/** A note with words to copy, buttons: [[what it says, what it does]], and more such words: [[head, words]]. */
export function noteOf(head, words, buttons, more = []) {
  const note = document.createElement("div");
  note.className = "note amber typed-here";
  for (const [heading, text] of [[head, words], ...more]) {
    const title = document.createElement("p");
    title.className = "strong";
    title.textContent = heading;
    const said = document.createElement("p");
    said.className = "typed-words";
    said.textContent = text;
    note.append(title, said);
  }
  for (const [text, act] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary small-button";
    button.textContent = text;
    button.addEventListener("click", () => { note.remove(); act(); });
    note.append(button, " ");
  }
  return note;
}

const MOST_BYTES = 10 * 1024 * 1024;

/** Take a file that is too large out again before it is sent for nothing. */
export function tooLarge(input) {
  const large = [...input.files].find((file) => file.size > MOST_BYTES);
  tell(input, large ? `${large.name} has ${Math.round(large.size / 1024 / 1024)} MB and 10 MB is the most. Make it smaller, or add a link.` : "");
  if (large) input.value = "";
}
