/**
 * A table on the clipboard, as rows parted by lines and cells parted by tabs, the way Excel writes it:
 * a cell of several lines stands in quotation marks. Word and web pages give their tables as HTML.
 */
const BLOCKS = "p, div, li, h1, h2, h3, h4, h5, h6";

function linesOf(node) {
  let text = "";
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      text += child.data.replace(/\s+/g, " ");
    } else if (child.nodeType === Node.ELEMENT_NODE) {
      if (child.matches("br")) {
        text += "\n";
      } else if (child.matches(BLOCKS)) {
        text += `\n${child.matches("li") ? "• " : ""}${linesOf(child)}\n`;
      } else if (!child.matches("style, script")) {
        text += linesOf(child);
      }
    }
  }
  return text;
}

function wordsOf(cell) {
  return linesOf(cell)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .join("\n");
}

function quoted(text) {
  return /["\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows of a table; a merged cell stands in its first place and leaves the others empty. */
function gridOf(table) {
  const grid = [];
  [...table.rows].forEach((row, y) => {
    grid[y] ??= [];
    let x = 0;
    for (const cell of row.cells) {
      while (grid[y][x] !== undefined) {
        x += 1;
      }
      const height = Math.min(cell.rowSpan || 1, table.rows.length - y);
      for (let down = 0; down < height; down += 1) {
        for (let right = 0; right < cell.colSpan; right += 1) {
          grid[y + down] ??= [];
          grid[y + down][x + right] = down || right ? "" : wordsOf(cell);
        }
      }
    }
  });
  return grid;
}

/** The table on the clipboard as text; null where it holds no table of several columns. */
export function tableOn(clipboard) {
  const html = clipboard.getData("text/html");
  const table = html && new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (table) {
    const grid = gridOf(table);
    if (grid.some((row) => row.length > 1)) {
      return grid.map((row) => Array.from(row, (cell) => quoted(cell ?? "")).join("\t")).join("\n");
    }
  }
  const text = clipboard.getData("text/plain");
  return text.includes("\t") ? text : null;
}

/** Open the preview of a block: the page that asks what each column is, and says what was understood. */
export function showBlock(address, text) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  form.hidden = true;
  const values = { text, csrfmiddlewaretoken: JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] };
  for (const [name, value] of Object.entries(values)) {
    const box = document.createElement("textarea");
    box.name = name;
    box.value = value;
    form.append(box);
  }
  document.body.append(form);
  form.submit();
}
