// Light, dark, or as the system has it. Loaded in <head> without defer, so that no page flashes.
(() => {
  const root = document.documentElement;
  const key = "firstlight-theme";
  root.classList.add("js");

  const read = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be forbidden; then the system's choice holds
    }
  };

  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };

  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  apply(read());

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      const say = () => {
        button.textContent = isDark() ? button.dataset.toLight : button.dataset.toDark;
      };
      say();
      button.closest("[hidden]")?.removeAttribute("hidden");
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", say);
      button.addEventListener("click", () => {
        const theme = isDark() ? "light" : "dark";
        apply(theme);
        try {
          localStorage.setItem(key, theme);
        } catch {
          // the choice then lasts for this page only
        }
        say();
      });
    }
  });
})();
