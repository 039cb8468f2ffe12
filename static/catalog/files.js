// Imports: a file can be dropped on the form; unused columns look it; a page that stands still after work is done shows its result.
document.addEventListener("dragover", (event) => {
  const zone = document.querySelector("[data-drop] .dropzone");
  if (!zone || ![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  zone.classList.add("over");
});

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.querySelector(".dropzone.over")?.classList.remove("over");
});

document.addEventListener("drop", (event) => {
  const form = document.querySelector("[data-drop]");
  if (!form || !event.dataTransfer.files.length) return;
  event.preventDefault();
  form.querySelector(".dropzone").classList.remove("over");
  const field = form.querySelector("input[type=file]");
  const one = new DataTransfer();
  one.items.add(event.dataTransfer.files[0]);
  field.files = one.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-drop] input[type=file]")) {
    const words = field.form.querySelector("[data-file-name]");
    words.textContent = field.files[0]?.name ?? "Drop the file here";
  }
  if (field.matches("[data-columns] select[name^=column-]")) {
    field.closest("tr").classList.toggle("unused", !field.value);
    freeOthers(field);
  }
});

// A field can be read from one column only: choosing it here takes it from the other column.
function freeOthers(chosen) {
  if (!chosen.value) return;
  for (const other of chosen.form.querySelectorAll("select[name^=column-]")) {
    if (other === chosen || other.value !== chosen.value) continue;
    other.value = "";
    other.closest("tr").classList.add("unused");
  }
}
