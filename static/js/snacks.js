// Bars at the foot of the page leave after 10 s; pointing at one or focusing it holds it.
const LIFE = 10_000;

function start(bar) {
  let timer = setTimeout(() => bar.remove(), LIFE);
  const hold = () => clearTimeout(timer);
  const release = () => { clearTimeout(timer); timer = setTimeout(() => bar.remove(), LIFE); };
  bar.addEventListener("pointerenter", hold);
  bar.addEventListener("pointerleave", release);
  bar.addEventListener("focusin", hold);
  bar.addEventListener("focusout", release);
}

document.querySelectorAll("[data-snack]").forEach(start);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) event.target.closest("[data-snack], .banner")?.remove();
});

// What a fragment says in the header HX-Trigger as {"snack": "sentence"}.
document.addEventListener("snack", (event) => say(event.detail?.value ?? event.detail));

export function say(sentence) {
  const bar = Object.assign(document.createElement("div"), { className: "snack" });
  bar.append(Object.assign(document.createElement("span"), { className: "grow", textContent: sentence }));
  document.getElementById("messages")?.append(bar);
  start(bar);
}

// A fragment that did not come: whose side, what was kept, what to do.
document.addEventListener("htmx:responseError", (event) => {
  const theirs = event.detail.xhr.status < 500;
  say(theirs ? "That is not possible now. Load the page again to see where things stand." : "It did not load. Our side, not yours; nothing was changed. Try again in a minute.");
});
document.addEventListener("htmx:sendError", () => say("No connection to the portal. Nothing was changed; try again when you are online."));
