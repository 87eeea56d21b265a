// The header's menu on a phone, and strips that scroll. Without this file the links simply stand in the page.
for (const button of document.querySelectorAll("[data-menu-button]")) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  const set = (open) => {
    button.setAttribute("aria-expanded", String(open));
    menu.classList.toggle("is-open", open);
  };
  button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || button.getAttribute("aria-expanded") !== "true") return;
    set(false);
    button.focus();
  });
}

// On a phone an area's navigation scrolls sideways: bring the current place into sight.
for (const link of document.querySelectorAll(".area-nav__link[aria-current], .tabs [aria-current], .steps [aria-current]")) {
  const strip = link.closest(".steps") ?? link.closest("ul");
  strip.scrollLeft = link.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2;
}
