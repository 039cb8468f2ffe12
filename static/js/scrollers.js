// What scrolls sideways can be reached and scrolled by the keyboard too.
const SELECTOR = ".split > div, .scroll, .xscroll, .props, .tabs, .tools";

function mark() {
  document.querySelectorAll(SELECTOR).forEach((box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible";
    if (scrolls && !box.hasAttribute("tabindex")) box.tabIndex = 0;
  });
}

mark();
window.addEventListener("resize", mark);
document.addEventListener("htmx:afterSettle", mark);
