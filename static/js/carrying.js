/**
 * A row that is carried forward says how its words are read while they are typed, and takes the focus
 * when it comes back saved. Without a script the words are read when the row is saved.
 */
const ROW = ".carry-row";
const PAUSE = 250; // milliseconds after the last key

const waiting = new WeakMap();

async function read(input) {
  const reading = document.getElementById(input.getAttribute("aria-describedby"));
  const asked = input.value;
  const answer = await fetch(`${reading.dataset.reading}?${new URLSearchParams({ words: asked })}`);
  const words = await answer.text();
  if (answer.ok && input.value === asked) {
    reading.textContent = words;
    reading.classList.toggle("late", answer.headers.get("X-Needs-Date") === "yes");
  }
}

document.body.addEventListener("input", (event) => {
  const input = event.target;
  if (input.matches(".carry-activity .govuk-input")) {
    clearTimeout(waiting.get(input));
    waiting.set(input, setTimeout(read, PAUSE, input));
  }
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  const row = event.detail.elt.closest?.(ROW) ?? document.getElementById(event.detail.target?.id);
  const fresh = row && document.getElementById(row.id);
  if (fresh?.matches(ROW)) {
    const wrong = fresh.querySelector(".govuk-error-message");
    const field = wrong?.parentElement.querySelector("input, textarea");
    (field ?? fresh.querySelector(".carry-answer"))?.focus({ preventScroll: !field });
  }
});
