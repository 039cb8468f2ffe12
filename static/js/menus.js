// Menus are <details class="menu">: one open at a time, closed by Escape or a click outside; data-load fills them when first opened.
const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches("details.menu") || !menu.open) return;
  open().forEach((other) => other !== menu && !other.contains(menu) && other.removeAttribute("open"));
  fill(menu);
  reveal(menu);
}, true);

document.addEventListener("click", (event) => {
  open().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  open().forEach((menu) => {
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  });
});

// What opens below the last row in sight comes into sight.
function reveal(menu) {
  menu.querySelector(":scope > .pop")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

async function fill(menu) {
  const box = menu.querySelector("[data-fill]");
  if (!menu.dataset.load || !box || box.dataset.filled) return;
  const answer = await fetch(menu.dataset.load, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  box.innerHTML = await answer.text();
  box.dataset.filled = "1";
  reveal(menu);
}
