// Another line in the basket of an order entered by hand: a copy of the last row, emptied. Enter in the last row adds one too.
const basket = document.querySelector("[data-basket]");
const adder = document.querySelector("[data-add-row]");
adder.hidden = false;

function add() {
  const row = basket.lastElementChild.cloneNode(true);
  const number = basket.children.length + 1;
  row.querySelectorAll(".hint").forEach((hint) => hint.remove());
  row.querySelectorAll("input").forEach((input) => {
    input.value = "";
    input.classList.remove("error");
    input.removeAttribute("aria-invalid");
    input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/\d+$/, number));
  });
  basket.append(row);
  row.querySelector("input").focus();
}

adder.addEventListener("click", add);
basket.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const inputs = [...basket.querySelectorAll("input")];
  const next = inputs[inputs.indexOf(event.target) + 1];
  if (next) next.focus();
  else add();
});
