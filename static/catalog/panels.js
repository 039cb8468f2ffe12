// Panels of a price list: rules are ordered by dragging (their arrows do the same from the keyboard), and a typed time chooses "At".
let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-rule]");
});

document.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest?.("[data-rule]")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const over = event.target.closest?.("[data-rule]");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  send(dragged.querySelector("form"), [...over.parentElement.children].indexOf(over));
  dragged = null;
});

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-later]")) return;
  const radio = event.target.form.querySelector("input[name=when][value=later]");
  if (radio) radio.checked = true;
});

function send(form, place) {
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "move", value: place });
  form.append(field);
  form.requestSubmit();
}
