// Cells that are edited in place. Arrows and Enter move, Escape undoes what is being typed, Ctrl+Z the last saved edit, a pasted column fills the cells below.
// While a dropship price is typed, a tip under the cell tells the old value, the margin and the floor. Saving is htmx's: a cell posts when it changes.
const cells = () => [...document.querySelectorAll("[data-cell] .cell")];
const saved = [];

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(".cell")) event.target.select();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing()) return undo(event);
  const cell = event.target.closest?.(".cell");
  if (!cell) return undefined;
  if (event.key === "Escape") return restore(cell);
  if (event.key === "Enter" && cell.getAttribute("aria-invalid") && cell.value !== cell.dataset.was) return keep(event, cell);
  if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) return move(event, cell, 1);
  if (event.key === "ArrowUp" || event.key === "Enter") return move(event, cell, -1);
  return undefined;
});

document.addEventListener("input", (event) => {
  if (event.target.matches?.(".cell[data-retail]")) tip(event.target);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.(".cell")) event.target.parentElement.querySelector("[data-tip]")?.remove();
});

document.addEventListener("paste", (event) => {
  const cell = event.target.closest?.(".cell");
  const lines = event.clipboardData?.getData("text").trim().split(/\r?\n/) ?? [];
  if (!cell || lines.length < 2) return;
  event.preventDefault();
  const all = cells();
  const at = all.indexOf(cell);
  lines.slice(0, all.length - at).forEach((line, i) => save(all[at + i], line.split("\t")[0].trim()));
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const cell = event.target;
  if (cell.matches?.(".cell") && !cell.dataset.undoing) saved.push({ label: cell.getAttribute("aria-label"), value: cell.dataset.was });
});

// A row is replaced by its saved self while Tab has led on inside it: what had the keyboard has it again.
const CONTROLS = "a[href], button, summary, input:not([type=hidden])";
let held = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const row = event.detail.target?.closest?.("tr[data-row]");
  const at = row ? [...row.querySelectorAll(CONTROLS)].indexOf(document.activeElement) : -1;
  held = at < 0 ? null : { body: row.parentElement, row: row.sectionRowIndex, at };
});

document.addEventListener("htmx:afterSwap", () => {
  held?.body.rows[held.row]?.querySelectorAll(CONTROLS)[held.at]?.focus();
  held = null;
});

function typing() {
  const cell = document.activeElement;
  return cell?.matches?.("input, textarea") && cell.value !== (cell.dataset.was ?? cell.defaultValue);
}

// By name: the row that was left may be replaced by its saved self meanwhile.
function focusOn(name) {
  document.querySelector(`[data-cell] .cell[name="${name}"]`)?.focus();
}

function restore(cell) {
  cell.value = cell.dataset.was;
  cell.removeAttribute("aria-invalid");
  cell.parentElement.querySelector(".celltip.bad")?.remove();
  cell.select();
  cell.parentElement.querySelector("[data-tip]")?.remove();
}

function move(event, cell, step) {
  event.preventDefault();
  const all = cells();
  const next = all[all.indexOf(cell) + step];
  if (next) focusOn(next.name);
  else cell.blur();
}

// What was refused because somebody else was faster is sent again as it stands.
function keep(event, cell) {
  event.preventDefault();
  save(cell, cell.value);
}

function save(cell, value) {
  cell.value = value;
  window.htmx?.trigger(cell, "change");
}

function undo(event) {
  const last = saved.pop();
  const cell = last && cells().find((one) => one.getAttribute("aria-label") === last.label);
  if (!cell) return;
  event.preventDefault();
  cell.dataset.undoing = "1";
  save(cell, last.value);
}

function tip(cell) {
  let box = cell.parentElement.querySelector("[data-tip]");
  if (!box) {
    box = Object.assign(document.createElement("span"), { className: "celltip" });
    box.dataset.tip = "1";
    cell.after(box);
  }
  box.textContent = words(Number(cell.value.replace(",", ".")), Number(cell.dataset.retail), Number(cell.dataset.cost), cell.dataset);
}

function words(amount, retail, cost, { was, map, msrp }) {
  const parts = [`Was ${was || "no price"}`];
  if (Number.isFinite(amount) && retail) parts.push(`margin ${(((retail - amount) / retail) * 100).toFixed(1)} %`);
  if (cost) parts.push(amount < cost ? `below cost ${cost}` : `cost ${cost} ok`);
  if (map && amount < Number(map)) parts.push(`below MAP ${map}`);
  if (msrp && amount > Number(msrp)) parts.push(`over MSRP ${msrp}`);
  return `${parts.join(" · ")} · Enter next, Esc undo`;
}
