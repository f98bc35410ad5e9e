/**
 * The table in which figures are typed: cells copied from Excel fill it from the box they are pasted into, and the
 * arrow keys and Enter go from box to box. Without a script each box is an ordinary one.
 */
const said = document.querySelector("[data-said]");

function gridOf(table) {
  return [...table.rows].map((row) => [...row.querySelectorAll("input")]).filter((boxes) => boxes.length);
}

function placeOf(grid, box) {
  const y = grid.findIndex((boxes) => boxes.includes(box));
  return [y, grid[y].indexOf(box)];
}

function say(filled, left) {
  const figures = `${filled} figure${filled === 1 ? "" : "s"} put in.`;
  said.textContent = left ? `${figures} ${left} did not fit: there was no box for them.` : `${figures} Look, then save.`;
}

for (const table of document.querySelectorAll("[data-figures]")) {
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\t\n]/.test(text) || !event.target.matches("input")) return;
    event.preventDefault();
    const grid = gridOf(table);
    const [y, x] = placeOf(grid, event.target);
    let filled = 0;
    let left = 0;
    text.split("\n").forEach((line, down) => {
      line.split("\t").forEach((cell, across) => {
        const box = grid[y + down]?.[x + across];
        if (box) {
          box.value = cell.trim();
          filled += 1;
        } else if (cell.trim()) {
          left += 1;
        }
      });
    });
    say(filled, left);
  });

  table.addEventListener("keydown", (event) => {
    const down = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
    if (!down || !event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const grid = gridOf(table);
    const [y, x] = placeOf(grid, event.target);
    const next = grid[y + (event.shiftKey && event.key === "Enter" ? -1 : down)]?.[x];
    next?.focus();
    next?.select();
  });
}
