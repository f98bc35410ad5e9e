/**
 * Little or no progress: copy a story, and keep what is typed in this browser until it is saved.
 */
import { Drafts } from "./plan-drafts.js";

const COPIED_MS = 3000;

for (const button of document.querySelectorAll("[data-copy]")) {
  if (navigator.clipboard) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const said = button.innerHTML;
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.innerHTML = said), COPIED_MS);
    });
  }
}

const place = document.querySelector("[data-keep]");
if (place) {
  const drafts = new Drafts(place.dataset.keep, place.dataset.plan);
  const box = place.querySelector("textarea");
  const { cell } = place.dataset;
  const kept = drafts.of(cell);
  if (kept && kept.values.text === box.value) {
    drafts.forget(cell);
  } else if (kept) {
    const offer = place.querySelector("[data-offer]");
    offer.querySelector("[data-words]").textContent = kept.values.text;
    offer.hidden = false;
    offer.querySelector("[data-put-back]").addEventListener("click", () => {
      box.value = kept.values.text;
      offer.hidden = true;
      box.focus();
    });
    offer.querySelector("[data-throw-away]").addEventListener("click", () => {
      drafts.forget(cell);
      offer.hidden = true;
      box.focus();
    });
  }
  box.addEventListener("input", () => {
    drafts.keep(cell, { text: box.value });
    place.querySelector("[data-kept]").hidden = false;
  });
}
