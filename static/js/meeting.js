// The room of a meeting: the order is dragged by the chair, words are sent without leaving the page, moments of the
// film are jumped to. Without this file buttons and forms do the same.

import { LoggedOut, Refusal, send } from "./console-line.js";

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let sortable = null;
let dragging = false;

const refresh = () => {
  const live = document.getElementById("meeting-live");
  if (live?.hasAttribute("hx-get")) {
    window.htmx.ajax("GET", live.getAttribute("hx-get"), { target: live, source: live, swap: "outerMorph" });
  }
};

async function keepOrder(list, before) {
  const said = document.getElementById("order-said");
  const ids = [...list.children].map((row) => Number(row.dataset.id));
  try {
    const answer = await send(list.dataset.order, { ids, number: Number(list.dataset.number) });
    list.dataset.number = String(answer.number);
    said.textContent = list.dataset.saved;
  } catch (error) {
    list.replaceChildren(...before);
    said.textContent = error instanceof Refusal ? error.message : list.dataset.failed;
  }
  refresh();
}

function drag() {
  const list = document.querySelector("[data-order]");
  if (sortable?.el === list) return;
  sortable?.destroy();
  sortable = null;
  if (!list || !window.Sortable) return;
  let before = [];
  sortable = window.Sortable.create(list, {
    handle: "[data-handle]",
    animation: still ? 0 : 150,
    onStart: () => {
      dragging = true;
      before = [...list.children];
    },
    onEnd: async () => {
      await keepOrder(list, before);
      dragging = false;
    },
  });
}

// Nothing is replaced under the hand that drags.
document.addEventListener("htmx:before:request", (event) => {
  if (dragging) event.preventDefault();
});
document.addEventListener("htmx:after:swap", drag);
addEventListener("load", drag);

for (const form of document.querySelectorAll("[data-talk]")) {
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button[type=submit]");
  const { id, film, text, decision } = form.elements;
  const key = `firstlight-talk-${form.action}-${film.value}`;
  text.value ||= sessionStorage.getItem(key) ?? "";
  text.addEventListener("input", () => sessionStorage.setItem(key, text.value));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    said.hidden = true;
    const given = { id: id.value, film: film.value, text: text.value, decision: Boolean(decision?.checked) };
    try {
      const answer = await send(form.action, given);
      id.value = answer.id;
      text.value = "";
      if (decision) decision.checked = false;
      sessionStorage.removeItem(key);
      refresh();
    } catch (error) {
      said.textContent = form.dataset.sayFailed;
      if (error instanceof LoggedOut) said.textContent = form.dataset.sayOut;
      if (error instanceof Refusal) said.textContent = error.message;
      said.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-seek]");
  const video = document.querySelector("[data-video]");
  if (!button || !video) return;
  video.currentTime = Number(button.dataset.seek);
  video.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
});
