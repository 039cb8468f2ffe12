// "/" goes to the page's own search, else to the portal's; never while typing.
const typing = (element) => element?.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  event.preventDefault();
  const here = document.querySelector("[data-search-here]");
  if (here) here.select(), here.focus();
  else document.querySelector("[data-search]")?.click();
});
