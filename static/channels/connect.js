// The check: lines arrive one after the other and are shown as they come.
const NEXT = "<!--next-->";

document.querySelectorAll("[data-check]").forEach(run);

async function run(box) {
  const list = box.querySelector("[data-rows]");
  try {
    const answer = await fetch(box.dataset.check, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    await read(answer.body.getReader(), (part) => place(list, part));
  } catch {
    stopped(list);
  }
  list.querySelector("[data-wait]")?.remove();
  list.setAttribute("aria-busy", "false");
}

async function read(reader, take) {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    const parts = text.split(NEXT);
    text = parts.pop();
    parts.forEach(take);
    if (done) break;
  }
  take(text);
}

function place(list, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  template.content.querySelectorAll("[data-into]").forEach((part) => {
    document.getElementById(part.dataset.into)?.replaceChildren(...part.childNodes);
    part.remove();
  });
  const wait = list.querySelector("[data-wait]");
  template.content.querySelectorAll("li").forEach((row) => list.insertBefore(row, wait));
}

function stopped(list) {
  const row = document.createElement("li");
  row.className = "fail";
  row.append(document.createElement("span"), document.createTextNode("The check was cut off. Nothing was saved. Load the page again to repeat it."));
  list.append(row);
}

// A file dropped on the paste box is read here and never uploaded as such.
document.querySelectorAll("[data-drop]").forEach((box) => {
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("drop", async (event) => {
    const file = event.dataTransfer?.files?.[0];
    if (!file) return;
    event.preventDefault();
    box.value = (await file.text()).slice(0, 20000);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
});
