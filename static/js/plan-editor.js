/**
 * The plan's table as an editor. Every Edit link goes to a page that works by itself; here its form
 * is put into the cell instead, and what is saved shows in the table without leaving it.
 *
 * Enter saves a line, Control and Enter a longer text, Escape leaves the cell. Opening another cell
 * saves the one that is open. What is being typed is kept in this browser until it is saved, and
 * offered again. A table pasted onto the plan opens the page that reads it.
 */
import { Drafts } from "./plan-drafts.js";
import { showBlock, tableOn } from "./plan-paste.js";

const EDIT_LINKS = ".pen, .pens a[href*='/cells/']";

const page = document.querySelector("[data-person]");
const drafts = page ? new Drafts(page.dataset.person, page.dataset.plan) : null;

let open = null; // { cell, html, form }
let next = null; // the address of the cell to open once the open one is saved
let saved = null; // { place, top }: the cell whose words are on their way into the table

function isDirty(form) {
  return [...form.elements].some(
    (control) => control.name && !control.hidden && control.type !== "hidden" && control.value !== control.defaultValue,
  ) || [...form.querySelectorAll("input[type=checkbox], input[type=radio]")].some((box) => box.checked !== box.defaultChecked);
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
    next = link.getAttribute("href");
    open.form.requestSubmit();
    return;
  }
  close();
  open = { cell, html: cell.innerHTML, form: null };
  await window.htmx.ajax("GET", link.href, { target: cell, swap: "innerHTML settle:0ms", select: ".cell-form" });
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
  offerDraft(form);
  first?.focus();
}

const TYPED = "textarea, input[type=text]";

function typed(form) {
  return Object.fromEntries([...form.querySelectorAll(TYPED)].map((box) => [box.name, box.value]));
}

/** Words of this cell that were not saved, above what stands in it now. */
function offerDraft(form) {
  const cell = form.dataset.cell;
  const draft = drafts?.of(cell);
  const now = typed(form);
  const isErrors = form.querySelector(".govuk-error-summary") !== null;
  if (!draft || isErrors || Object.entries(draft.values).every(([name, value]) => (now[name] ?? value) === value)) {
    return;
  }
  const offer = document.getElementById("draft-offer").content.cloneNode(true).firstElementChild;
  const words = Object.values(draft.values).filter(Boolean).join("\n");
  offer.querySelector("[data-words]").textContent = words;
  offer.querySelector("[data-put-back]").addEventListener("click", () => {
    for (const [name, value] of Object.entries(draft.values)) {
      if (form.elements[name]) {
        form.elements[name].value = value;
      }
    }
    offer.remove();
    form.querySelector(TYPED)?.focus();
  });
  offer.querySelector("[data-throw-away]").addEventListener("click", () => {
    drafts.forget(cell);
    offer.remove();
    form.querySelector(TYPED)?.focus();
  });
  form.prepend(offer);
}

/** Say on the page which cells hold words that were not saved. */
function listDrafts() {
  const list = document.getElementById("unsaved");
  if (!list) {
    return;
  }
  const links = (drafts?.cells() ?? [])
    .map((id) => document.getElementById(id)?.querySelector(EDIT_LINKS))
    .filter(Boolean);
  list.hidden = links.length === 0;
  list.querySelector("ul").replaceChildren(
    ...links.map((link) => {
      const item = document.createElement("li");
      const again = document.createElement("a");
      again.className = "govuk-link";
      again.href = link.href;
      again.textContent = link.textContent;
      again.addEventListener("click", (event) => {
        event.preventDefault();
        edit(link);
      });
      item.append(again);
      return item;
    }),
  );
}

listDrafts();

document.body.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  if (link.matches("[data-cancel]") && open) {
    event.preventDefault();
    drafts?.forget(open.form.dataset.cell);
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
    saved = { place: open.form.dataset.cell, top: window.scrollY };
    drafts?.forget(saved.place);
    open = null;
  } else if (open && event.detail.requestConfig?.elt === open.form) {
    next = null; // it was not saved; other parts of the page may arrive meanwhile
  } else if (!open && event.detail.target?.id === "main") {
    const place = event.detail.requestConfig?.elt.dataset.cell; // a doubt that was answered in its cell
    saved = place ? { place, top: window.scrollY } : saved;
  }
});

// A cell that has just been put in settles too, a moment later: only the table's own settling counts.
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (!saved || event.detail.target?.id !== "main") {
    return;
  }
  const { place, top } = saved;
  saved = null;
  listDrafts();
  const cell = document.getElementById(place);
  cell?.querySelector(EDIT_LINKS)?.focus({ preventScroll: true });
  window.scrollTo({ top, behavior: "instant" });
  const seen = cell?.getBoundingClientRect();
  if (seen && (seen.bottom < 0 || seen.top > window.innerHeight)) {
    cell.scrollIntoView({ block: "center", behavior: "instant" }); // its form was longer than what stands there now
  }
  const again = next && document.querySelector(`a[href='${next}']`);
  next = null;
  if (again) {
    edit(again);
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
    drafts?.forget(form.dataset.cell);
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
  if (event.target.matches(TYPED)) {
    drafts?.keep(form.dataset.cell, typed(form));
  }
  const reading = form.querySelector("[data-reading]");
  if (reading && event.target.name === "timescale_text") {
    const turn = ++asked;
    const words = new URLSearchParams({ timescale_text: event.target.value });
    const answer = await fetch(`${reading.dataset.reading}?${words}`);
    const text = await answer.text();
    if (answer.ok && turn === asked) {
      reading.textContent = text;
    }
  }
});

/** Where a paste goes: the part of the page that holds the target, or the words that are marked. */
function placeOfPaste(target) {
  const box = target.closest?.("input, textarea, select, [contenteditable]");
  if (box) {
    return box.matches("textarea[name=lines]") ? box.closest("[data-paste]") : null;
  }
  const marked = window.getSelection()?.anchorNode;
  const element = marked?.nodeType === Node.TEXT_NODE ? marked.parentElement : marked;
  return target.closest?.("[data-paste]") ?? element?.closest?.("[data-paste]") ?? null;
}

document.addEventListener("paste", (event) => {
  const block = tableOn(event.clipboardData);
  if (!block) {
    return;
  }
  if (event.target.matches?.(".paste-block textarea")) {
    event.preventDefault();
    event.target.setRangeText(block, event.target.selectionStart, event.target.selectionEnd, "end");
    return;
  }
  const place = placeOfPaste(event.target);
  if (place) {
    event.preventDefault();
    showBlock(place.dataset.paste, block);
  }
});
