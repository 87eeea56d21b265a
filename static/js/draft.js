// Keeps what is typed into a draft. Without this file the form's own button saves it.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const WAIT = 1500; // ms of quiet before a save
  const RETRY = 8000; // ms until the next try when the connection is gone
  const line = form.querySelector("[data-save-state]");
  const seen = form.elements.namedItem("seen");
  let typed = 0; // counts changes: what was typed during a save is saved again
  let kept = 0;
  let timer = 0;
  let saving = false;
  let stopped = false; // the server refused: only a person can say what to do now
  let leaving = false; // the form itself is being sent

  const say = (text, mark) => {
    line.hidden = false;
    line.textContent = text;
    line.className = mark ? `save-state save-state--${mark}` : "save-state";
  };

  // What the AI statement still lacks, as the server holds it now.
  const showMissing = (sentences) => {
    const box = form.querySelector("[data-missing]");
    if (!box || !sentences) return;
    const list = box.querySelector("[data-missing-list]");
    const items = sentences.map((sentence) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      return item;
    });
    if (list.textContent !== items.map((item) => item.textContent).join("")) list.replaceChildren(...items);
    box.hidden = !items.length;
  };

  const later = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  };

  async function save() {
    if (saving || stopped || leaving || kept === typed) return;
    saving = true;
    const sent = typed;
    say(form.dataset.saving);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect") {
        say(form.dataset.out, "failed"); // the session has ended: the way leads to the log-in
        stopped = true;
        return;
      }
      const said = await answer.json();
      if (answer.ok) {
        kept = sent;
        seen.value = said.seen;
        showMissing(said.missing);
        const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
        const time = new Date().toLocaleTimeString(document.documentElement.lang, clock);
        say(form.dataset.saved.replace("{time}", time), "saved");
      } else {
        say(said.text, "failed");
        stopped = answer.status !== 400; // a wrong field is mended by typing on; a lost race is not
      }
    } catch {
      say(form.dataset.failed, "failed");
      if (kept !== typed) later(RETRY);
    } finally {
      saving = false;
      if (leaving) form.requestSubmit();
      else if (typed !== sent) later(WAIT);
    }
  }

  const changed = () => {
    typed += 1;
    if (stopped) return;
    if (!saving) say(form.dataset.unsaved);
    later(WAIT);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    leaving = true;
    clearTimeout(timer);
    if (saving) event.preventDefault(); // it goes when the save has come back, with the fresh time stamp
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && kept !== typed) event.preventDefault();
  });
}
