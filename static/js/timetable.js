/**
 * The timetable: an entry is dragged into another quarter. Without a script, or by keyboard, its form does the same.
 */
const said = document.getElementById("moved");
const token = document.querySelector("[name=csrfmiddlewaretoken]");
let dragged = null;

function cellOf(node) {
  return node.closest?.("[data-quarter]");
}

function listOf(cell) {
  let list = cell.querySelector("ul");
  if (!list) {
    list = document.createElement("ul");
    list.className = "plain";
    cell.append(list);
  }
  return list;
}

/** Say in every cell without entries that nothing is planned, and in no other. */
function tidy(cell) {
  const list = cell.querySelector("ul");
  if (list && !list.children.length) list.remove();
  let words = cell.querySelector(".nothing");
  if (!cell.querySelector("ul") && !words) {
    words = document.createElement("p");
    words.className = "small quiet nothing";
    words.textContent = "Nothing planned";
    cell.append(words);
  }
  if (words) words.hidden = Boolean(cell.querySelector("ul"));
}

function put(entry, cell) {
  const from = cellOf(entry);
  listOf(cell).append(entry);
  tidy(from);
  tidy(cell);
}

async function move(entry, to) {
  const from = cellOf(entry);
  put(entry, to);
  const body = new URLSearchParams({ to: to.dataset.quarter, seen: from.dataset.quarter });
  try {
    const answer = await fetch(entry.dataset.move, {
      method: "POST",
      headers: { "X-CSRFToken": token.value },
      body,
    });
    const { words } = await answer.json();
    said.textContent = words;
    if (!answer.ok) put(entry, from);
  } catch {
    put(entry, from);
    said.textContent = "It could not be moved. Look whether you are connected, and try again.";
  }
}

const entries = document.querySelectorAll(".timetable [data-move]");
for (const entry of entries) {
  entry.draggable = true;
  entry.addEventListener("dragstart", (event) => {
    dragged = entry;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", entry.id);
  });
  entry.addEventListener("dragend", () => {
    dragged = null;
    document.querySelector(".timetable .drop")?.classList.remove("drop");
  });
}
for (const cell of entries.length ? document.querySelectorAll(".timetable [data-quarter]") : []) {
  cell.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    cell.classList.add("drop");
  });
  cell.addEventListener("dragleave", (event) => {
    if (!cell.contains(event.relatedTarget)) cell.classList.remove("drop");
  });
  cell.addEventListener("drop", (event) => {
    event.preventDefault();
    cell.classList.remove("drop");
    if (dragged && cellOf(dragged) !== cell) move(dragged, cell);
  });
}
if (entries.length) document.getElementById("drag-words").hidden = false;
