// What scrolls sideways can be reached and scrolled by the keyboard too; the tab that one is on is in sight.
const SELECTOR = ".split > div, .scroll, .xscroll, .props, .tabs, .tools";

function mark() {
  document.querySelectorAll(SELECTOR).forEach((box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible";
    if (scrolls && !box.hasAttribute("tabindex")) box.tabIndex = 0;
  });
}

function showCurrent() {
  document.querySelectorAll(".tabs").forEach((tabs) => {
    const current = tabs.querySelector("[aria-current]");
    if (!current) return;
    const [box, tab] = [tabs.getBoundingClientRect(), current.getBoundingClientRect()];
    if (tab.right > box.right) tabs.scrollLeft += tab.right - box.right + 24;
  });
}

mark();
showCurrent();
document.fonts.ready.then(showCurrent);
window.addEventListener("resize", mark);
document.addEventListener("htmx:afterSettle", mark);
