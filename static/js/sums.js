// A file that is dropped is read here, never sent: its sum goes into the form of a copy, or to the site, which says
// whether it is the copy that is to be shown.
const place = document.querySelector("[data-reader], [data-checker]");

function words(name) {
  return place.querySelector(`[data-words="${name}"]`).content.textContent;
}

// Gives digests one by one: `each(file, digest)`; a file that cannot be read has none.
function reader(each) {
  const worker = new Worker(place.dataset.worker, { type: "module" });
  const files = [];
  const progress = place.querySelector("[data-progress]");
  const show = (file, share) => {
    progress.querySelector("[data-name]").textContent = file.name;
    progress.querySelector("[data-percent]").textContent = `${Math.floor(share * 100)}%`;
    progress.querySelector("[data-bar]").value = share * 100;
  };
  let open = 0;
  worker.onmessage = ({ data }) => {
    const file = files[data.number];
    if (data.done !== undefined) return show(file, data.done / file.size);
    open -= 1;
    progress.hidden = open === 0;
    each(file, data.failed ? "" : data.digest);
  };
  return (chosen) => {
    for (const file of chosen) {
      open += 1;
      if (open === 1) show(file, 0);
      progress.hidden = false;
      worker.postMessage({ number: files.push(file) - 1, file });
    }
  };
}

function take(read) {
  const drop = place.querySelector("[data-drop]");
  const input = place.querySelector("[data-file]");
  const over = (event, inside) => {
    event.preventDefault();
    drop.classList.toggle("is-over", inside);
  };
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => over(event, true));
  drop.addEventListener("dragleave", (event) => over(event, false));
  drop.addEventListener("drop", (event) => {
    over(event, false);
    read([...event.dataTransfer.files]);
  });
  input.addEventListener("change", () => {
    read([...input.files]);
    input.value = "";
  });
  place.hidden = false;
}

function fill(file, digest) {
  const said = place.querySelector("[data-said]");
  said.textContent = digest ? `${file.name}: ${digest}` : words("unreadable");
  if (!digest) return;
  for (const [name, value] of Object.entries({ file_name: file.name, sha256: digest, size: file.size })) {
    document.getElementById(`id_${name}`).value = value;
  }
}

function mark(good) {
  const badge = document.createElement("span");
  badge.className = `badge badge--${good ? "pass" : "block"}`;
  badge.textContent = words(good ? "whole" : "other");
  return badge;
}

function tell(text, ...marks) {
  const line = document.createElement("li");
  line.append(...marks.flatMap((badge) => [badge, " "]), text);
  place.querySelector("[data-said]").prepend(line);
}

async function ask(file, digest) {
  if (!digest) return tell(`${file.name}: ${words("unreadable")}`);
  const body = new URLSearchParams({ sha256: digest, file_name: file.name });
  const token = place.querySelector("[name=csrfmiddlewaretoken]").value;
  try {
    const answer = await fetch(place.dataset.address, { method: "POST", body, headers: { "X-CSRFToken": token } });
    const said = await answer.json();
    if (!said.copy) return tell(`${file.name}: ${said.text}`);
    tell(said.text, mark(said.whole));
    for (const row of document.querySelectorAll(`[data-copy="${said.copy}"] [data-checked]`)) {
      row.replaceChildren(mark(said.whole));
    }
  } catch {
    tell(`${file.name}: ${words("unsent")} ${digest}`);
  }
}

if (place) take(reader(place.matches("[data-reader]") ? fill : ask));
