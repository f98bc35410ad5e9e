/**
 * The plan's table as an editor. Every Edit link goes to a page that works by itself; here its form
 * is put into the cell instead, and what is saved shows in the table without leaving it.
 *
 * Enter saves a line, Control and Enter a longer text, Escape leaves the cell. Opening another cell
 * saves the one that is open. What is being typed is kept in this browser tab until it is saved.
 */
const EDIT_LINKS = ".pen, .pens a[href*='/cells/']";
const DRAFTS = "plan-draft:";

let open = null; // { cell, html, form }

function isDirty(form) {
  return [...form.elements].some(
    (control) => control.name && !control.hidden && control.type !== "hidden" && control.value !== control.defaultValue,
  ) || [...form.querySelectorAll("input[type=checkbox]")].some((box) => box.checked !== box.defaultChecked);
}

function close() {
  if (open) {
    const { cell, html } = open;
    open = null;
    cell.classList.remove("editing");
    cell.innerHTML = html;
    cell.querySelector(EDIT_LINKS)?.focus();
  }
}

async function edit(link) {
  const cell = link.closest("[id^='cell-']");
  if (!cell) {
    return;
  }
  if (open && isDirty(open.form)) {
    const address = link.getAttribute("href");
    document.body.addEventListener(
      "htmx:afterSettle",
      () => {
        const again = document.querySelector(`a[href='${address}']`);
        if (again && !open) {
          edit(again);
        }
      },
      { once: true },
    );
    open.form.requestSubmit();
    return;
  }
  close();
  open = { cell, html: cell.innerHTML, form: null };
  await window.htmx.ajax("GET", link.href, { target: cell, swap: "innerHTML", select: ".cell-form" });
}

function begin(form) {
  const cell = form.closest("[id^='cell-']");
  if (!cell) {
    return;
  }
  if (!open) {
    open = { cell, html: "", form };
  }
  open.form = form;
  cell.classList.add("editing");
  const first = form.querySelector("textarea, input:not([type=hidden])");
  const draft = sessionStorage.getItem(DRAFTS + form.dataset.cell);
  if (draft && first && form.querySelector(".govuk-error-summary") === null) {
    first.value = draft;
  }
  first?.focus();
}

document.body.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  if (link.matches("[data-cancel]") && open) {
    event.preventDefault();
    sessionStorage.removeItem(DRAFTS + open.form.dataset.cell);
    close();
  } else if (link.matches(EDIT_LINKS)) {
    event.preventDefault();
    edit(link);
  }
});

document.body.addEventListener("htmx:load", (event) => {
  const piece = event.detail.elt;
  const form = piece.matches?.(".cell-form") ? piece : piece.querySelector?.(".cell-form");
  if (form) {
    begin(form);
  }
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (open && event.detail.target?.id === "main" && event.detail.xhr.status < 300) {
    const place = open.form.dataset.cell;
    const top = window.scrollY;
    sessionStorage.removeItem(DRAFTS + place);
    open = null;
    document.body.addEventListener(
      "htmx:afterSettle",
      () => {
        document.getElementById(place)?.querySelector(EDIT_LINKS)?.focus({ preventScroll: true });
        window.scrollTo({ top, behavior: "instant" });
      },
      { once: true },
    );
  }
});

document.body.addEventListener("keydown", (event) => {
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.target.closest("input, textarea")) {
    document.getElementById("undo")?.requestSubmit();
    return;
  }
  const form = event.target.closest?.(".cell-form");
  if (!form || !open) {
    return;
  }
  if (event.key === "Escape") {
    event.preventDefault();
    sessionStorage.removeItem(DRAFTS + form.dataset.cell);
    close();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

let asked = 0;

document.body.addEventListener("input", async (event) => {
  const form = event.target.closest?.(".cell-form");
  if (!form) {
    return;
  }
  if (event.target.matches("textarea, input[type=text]")) {
    sessionStorage.setItem(DRAFTS + form.dataset.cell, event.target.value);
  }
  const reading = form.querySelector("[data-reading]");
  if (reading) {
    const turn = ++asked;
    const words = new URLSearchParams({ timescale_text: event.target.value });
    const answer = await fetch(`${reading.dataset.reading}?${words}`);
    const text = await answer.text();
    if (answer.ok && turn === asked) {
      reading.textContent = text;
    }
  }
});
