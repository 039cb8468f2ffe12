// Cells that are edited in place. Arrows and Enter move, Escape undoes what is being typed, Ctrl+Z the last saved edit, a pasted column fills the cells below.
// Shift with an arrow or a click selects the cells between: their rows are picked for the bulk bar, to whose field Enter leads.
// While a dropship price is typed, a tip under the cell tells the old value, the margin and the floor. Saving is htmx's: a cell posts when it changes.
const cells = () => [...document.querySelectorAll("[data-cell] .cell")];
const saved = [];
// The cell that a selection of several began with, by name.
let began = "";

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(".cell")) event.target.select();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing()) return undo(event);
  const cell = event.target.closest?.(".cell");
  if (!cell) return undefined;
  if (event.shiftKey && event.key === "ArrowDown") return extend(event, cell, 1);
  if (event.shiftKey && event.key === "ArrowUp") return extend(event, cell, -1);
  if (began && event.key === "Enter") return setAll(event);
  if (began && event.key === "Escape") return selectNone();
  if (event.key === "Escape") return restore(cell);
  if (event.key === "Enter" && cell.getAttribute("aria-invalid") && cell.value !== cell.dataset.was) return keep(event, cell);
  if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) return move(event, cell, 1);
  if (event.key === "ArrowUp" || event.key === "Enter") return move(event, cell, -1);
  return undefined;
});

document.addEventListener("mousedown", (event) => {
  const cell = event.target.closest?.(".cell");
  const held = document.activeElement?.closest(".cell");
  if (cell && event.shiftKey && held) extend(event, held, cells().indexOf(cell) - cells().indexOf(held));
  else if (cell) selectNone();
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
  if (cell.matches?.(".cell") && !cell.dataset.undoing) saved.push({ label: cell.getAttribute("aria-label"), value: "ruled" in cell.dataset ? "" : cell.dataset.was });
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

function extend(event, cell, step) {
  event.preventDefault();
  const all = cells();
  const to = Math.min(Math.max(all.indexOf(cell) + step, 0), all.length - 1);
  began ||= cell.name;
  select(all, all.findIndex((one) => one.name === began), to);
  focusOn(all[to].name);
}

function select(all, from, to) {
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  all.forEach((cell, at) => {
    const isIn = from >= 0 && at >= first && at <= last;
    cell.closest("td").classList.toggle("range", isIn);
    const box = cell.closest("tr").querySelector("input[name=row]");
    if (box) box.checked = isIn;
  });
  document.querySelector("[data-list] input[name=row]")?.dispatchEvent(new Event("change", { bubbles: true }));
}

function selectNone() {
  if (!began) return;
  began = "";
  select(cells(), -1, -1);
}

function setAll(event) {
  event.preventDefault();
  document.querySelector("[data-bulk] input[name=bulk]")?.focus();
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
  selectNone();
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

// The last saved cell; with none left, what was done in bulk before this page was loaded.
function undo(event) {
  const last = saved.pop();
  if (!last) document.querySelector("form[data-undo-last]")?.requestSubmit();
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
