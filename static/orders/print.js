// The print button of a packing slip; without scripts the browser's own menu prints.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => window.print());
