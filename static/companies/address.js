// A store address is never sent before the person has seen how we read it: a form sent too early waits for the live check.
const CHECK = "#store-address";

function isUnseen(form) {
  const field = form.querySelector("[name=store_address]");
  const seen = form.querySelector("[name=address_seen]");
  return Boolean(field && seen && field.value.trim() && field.value !== seen.value);
}

function checkFirst(event) {
  const form = event.target.closest("[data-checks-address]");
  if (!form || !isUnseen(form)) return;
  event.preventDefault();
  const typed = form.querySelector("[name=store_address]").value;
  const settled = (swap) => {
    const part = document.querySelector(CHECK);
    if (!part || !form.contains(part)) return;
    document.body.removeEventListener("htmx:afterSettle", settled);
    const now = part.querySelector("[name=store_address]");
    const goesOn = part.dataset.level === "ok" && now.value === typed;
    if (goesOn) form.requestSubmit();
    else now?.focus();
  };
  document.body.addEventListener("htmx:afterSettle", settled);
  form.querySelector("[name=store_address]").dispatchEvent(new Event("change", { bubbles: false }));
}

document.addEventListener("submit", checkFirst);
