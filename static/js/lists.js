// Lists: a row is one big link (its text can be selected), arrows move, x picks, the bulk bar appears with the first picked row.
const list = () => document.querySelector("[data-list]");
const boxes = () => [...(list()?.querySelectorAll("input[name=row]") ?? [])];

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-row]");
  if (!row || event.defaultPrevented || event.target.closest("a, button, input, label, summary, td.pick")) return;
  if (window.getSelection()?.toString()) return;
  const link = row.querySelector("a.name");
  if (!link) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});

document.addEventListener("change", (event) => {
  if (!event.target.closest?.("[data-list]")) return;
  if (event.target.matches("[data-pick-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches("[data-pick-all], input[name=row], input[name=all]")) showPicked();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-pick-none]")) clearPicked();
});

document.addEventListener("keydown", (event) => {
  if (!list() || event.target.closest("input:not([type=checkbox]), textarea, select, summary, dialog")) return;
  if (event.key === "Escape") clearPicked();
  if (event.key === "ArrowDown" || event.key === "j") move(event, 1);
  if (event.key === "ArrowUp" || event.key === "k") move(event, -1);
  if (event.key === "x") pickCurrent();
});

function rows() {
  return [...list().querySelectorAll("tr[data-row]")];
}

function move(event, step) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  const link = next?.querySelector("a.name, a, input");
  if (!link) return;
  event.preventDefault();
  link.focus();
}

function pickCurrent() {
  const box = rows().find((row) => row.contains(document.activeElement))?.querySelector("input[name=row]");
  if (!box) return;
  box.checked = !box.checked;
  showPicked();
}

function clearPicked() {
  boxes().forEach((box) => { box.checked = false; });
  const all = list()?.querySelector("input[name=all]");
  if (all) all.checked = false;
  showPicked();
}

function showPicked() {
  const picked = boxes().filter((box) => box.checked);
  boxes().forEach((box) => box.closest("tr, [data-card]")?.classList.toggle("sel", box.checked));
  const head = list()?.querySelector("[data-pick-all]");
  if (head) {
    head.checked = picked.length > 0 && picked.length === boxes().length;
    head.indeterminate = picked.length > 0 && !head.checked;
  }
  const bar = list()?.querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = picked.length === 0;
  bar.querySelector("[data-picked]").textContent = String(picked.length);
}

document.addEventListener("htmx:beforeRequest", () => list()?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterSwap", () => list()?.removeAttribute("aria-busy"));
