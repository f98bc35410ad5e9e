/**
 * Writing the annual report: find a figure of the year in the list, and put its reference where the cursor was.
 * Without this script the whole list is there, and a reference is typed or copied.
 */
const form = document.querySelector("[data-words]");
const boxes = [...form.querySelectorAll("textarea")];
let last = boxes.find((box) => box.name !== "standfirst") ?? boxes[0];

for (const box of boxes) {
  box.addEventListener("focus", () => { last = box; });
}

for (const button of form.querySelectorAll("[data-insert]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    last.focus();
    last.setRangeText(button.dataset.insert, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const list = form.querySelector("[data-figures]");
const find = list.querySelector("[data-find]");
const groups = [...list.querySelectorAll("[data-group]")];
const none = list.querySelector("[data-none]");
find.hidden = false;

/** Every word that is typed stands in the figure's name, label or value. */
function narrow(typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const group of groups) {
    let shown = 0;
    for (const line of group.querySelectorAll("[data-figure]")) {
      const fits = words.every((word) => line.dataset.figure.includes(word));
      line.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    group.hidden = !shown;
    group.open = Boolean(words.length) && shown > 0;
    count += shown;
  }
  none.hidden = count > 0;
}

const box = find.querySelector("input");
box.addEventListener("input", (event) => {
  event.stopPropagation(); // it is no answer of the form
  narrow(box.value);
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
