// Cards of the catalogue: x picks the card that has the focus, as in a table.
document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
  const box = event.target.closest?.("[data-card]")?.querySelector(".pickbox");
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
});
