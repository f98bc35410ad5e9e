/**
 * A comment on a draft: what is typed is kept in this browser until it stands on the page as sent.
 */
import { Drafts } from "./plan-drafts.js";

const place = document.querySelector("[data-keep]");
if (place) {
  const drafts = new Drafts(place.dataset.keep, place.dataset.plan);
  const box = place.querySelector("textarea");
  const { cell } = place.dataset;
  const kept = drafts.of(cell);
  const plain = (words) => words.replace(/\s+/g, " ").trim();
  const sent = [...document.querySelectorAll("[data-sent] .said")].map((said) => plain(said.textContent));
  if (kept && [...sent, plain(box.value)].includes(plain(kept.values.text))) {
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
