/** How many words stand in a box, under it, while somebody types. */
for (const note of document.querySelectorAll("[data-counts]")) {
  const box = document.getElementById(note.dataset.counts);
  const count = () => {
    const many = box.value.split(/\s+/).filter(Boolean).length;
    note.textContent = `${many.toLocaleString("en-GB")} word${many === 1 ? "" : "s"}`;
  };
  box?.addEventListener("input", count);
  // A button of another script may fill the box.
  box?.closest("form").addEventListener("click", () => setTimeout(count, 800));
}
