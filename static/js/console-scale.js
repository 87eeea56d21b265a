// The judge's own films on their scale, and where the film on the screen would stand among them.

import { fill } from "./console-words.js";

export class OwnScale {
  constructor(root) {
    this.root = root.querySelector("[data-own]");
    if (!this.root) return;
    this.line = this.root.querySelector("[data-own-line]");
    this.idle = this.line.textContent;
    this.now = document.createElement("li");
    this.now.className = "own-scale__now num";
    for (const link of this.root.querySelectorAll("a[data-title]")) {
      for (const name of ["pointerenter", "focus"]) link.addEventListener(name, () => this.tell(link));
      for (const name of ["pointerleave", "blur"]) link.addEventListener(name, () => (this.line.textContent = this.idle));
      // Under a finger there is no hovering: the first touch tells, the second opens.
      link.addEventListener("click", (event) => {
        if (matchMedia("(hover: none)").matches && this.told !== link) {
          event.preventDefault();
          this.tell(link);
          this.told = link;
        }
      });
    }
  }

  tell(link) {
    this.line.textContent = fill(this.root.dataset.sayOne, { title: link.dataset.title, total: link.dataset.value });
  }

  place(total, shown) {
    if (!this.root) return;
    this.now.remove();
    if (total === null) return;
    const columns = [...this.root.querySelectorAll("[data-low]")];
    const column = columns.findLast((one) => Number(one.dataset.low) <= total) ?? columns[0];
    if (!column) return;
    const list = column.querySelector("ul");
    const above = [...list.children].find((film) => Number(film.dataset.total) > total);
    this.now.textContent = shown;
    this.now.title = this.root.dataset.sayNow;
    list.insertBefore(this.now, above ?? null);
  }
}
