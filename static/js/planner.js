/**
 * Improve pages that already work without a script: GOV.UK Frontend's controls, and the Menu
 * button that folds the main menu away on a phone.
 */
import { initAll } from "../build/govuk-frontend.min.js";
import { forgetAllDrafts } from "./plan-drafts.js";

// GOV.UK Frontend refuses to start without its own class; ours shows what only a script can work.
document.body.classList.add("js-enabled", "govuk-frontend-supported", "has-script");

initAll();

// A piece of a page that htmx brought in has not been through initAll yet.
document.body.addEventListener("htmx:load", (event) => {
  const piece = event.detail.elt;
  if (piece !== document.body) {
    initAll({ scope: piece });
  }
});

function foldMenu(button) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));

  function show(isOpen) {
    menu.classList.toggle("is-open", isOpen);
    button.setAttribute("aria-expanded", String(isOpen));
  }

  button.addEventListener("click", () => {
    show(!menu.classList.contains("is-open"));
  });

  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      show(false);
      button.focus();
    }
  });
}

document.querySelectorAll(".menu-button").forEach(foldMenu);

// Nothing that was typed and not saved stays behind on a computer that others use too.
document.querySelectorAll("form[action$='/sign-out/']").forEach((form) => {
  form.addEventListener("submit", forgetAllDrafts);
});
