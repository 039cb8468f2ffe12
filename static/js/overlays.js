// Drawers and dialogs: native <dialog>. Focus goes in and comes back; Escape closes; a drawer warns when something was typed in it.
// data-drawer="address" opens the drawer with that page's fragment; data-dialog="id" opens a dialog; data-close closes.
const drawer = () => document.getElementById("drawer");
let came = null;

document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-drawer]");
  if (opener && drawer() && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    await openDrawer(opener.dataset.drawer, opener);
    return;
  }
  const dialogOpener = event.target.closest("[data-dialog]");
  if (dialogOpener) {
    event.preventDefault();
    document.getElementById(dialogOpener.dataset.dialog)?.showModal();
    return;
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  else if (event.target instanceof HTMLDialogElement && mayClose(event.target)) event.target.close();
});

document.addEventListener("cancel", (event) => {
  if (event.target instanceof HTMLDialogElement && !mayClose(event.target)) event.preventDefault();
}, true);

export async function openDrawer(address, opener = null) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) {
    if (opener?.href) location.assign(opener.href);
    return;
  }
  const box = drawer();
  box.innerHTML = await answer.text();
  window.htmx?.process(box);
  came = opener;
  if (!box.open) box.showModal();
  box.onclose = () => came?.focus();
}

function mayClose(dialog) {
  const typed = [...dialog.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);
  return !typed || window.confirm("Close without saving what you typed?");
}

// A button with data-confirm asks first, in a dialog of ours; the safe choice keeps the thing.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-confirm]");
  if (!button || button.dataset.sure) return;
  event.preventDefault();
  ask(button);
}, true);

function ask(button) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const words = document.createElement("p");
  words.textContent = button.dataset.confirm;
  const title = document.createElement("h2");
  title.textContent = `${button.textContent.trim()}?`;
  const foot = document.createElement("footer");
  const keep = Object.assign(document.createElement("button"), { className: "btn", type: "button", textContent: button.dataset.keep || "Keep it" });
  const go = Object.assign(document.createElement("button"), { className: button.classList.contains("danger") ? "btn danger fill" : "btn primary", type: "button", textContent: button.textContent.trim() });
  foot.append(keep, go);
  dialog.setAttribute("aria-label", title.textContent);
  dialog.append(title, words, foot);
  document.body.append(dialog);
  keep.onclick = () => dialog.close();
  dialog.onclose = () => { dialog.remove(); button.focus(); };
  go.onclick = () => {
    button.dataset.sure = "1";
    dialog.close();
    button.click();
    delete button.dataset.sure;
  };
  dialog.showModal();
  keep.focus();
}
