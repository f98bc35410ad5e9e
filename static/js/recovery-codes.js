/** Recovery codes: copied or printed by one press, where the browser can. */
const list = document.getElementById("recovery-codes");
const said = document.getElementById("recovery-codes-said");

document.querySelector("[data-copy-codes]")?.addEventListener("click", async () => {
  const codes = [...list.querySelectorAll("li")].map((each) => each.textContent.trim()).join("\n");
  try {
    await navigator.clipboard.writeText(codes);
    said.textContent = "Copied. Paste them where only you can read them.";
  } catch {
    said.textContent = "They could not be copied here. Print them or save the file.";
  }
});
document.querySelector("[data-print-codes]")?.addEventListener("click", () => window.print());
