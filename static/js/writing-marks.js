// What a page that saves by itself shows: the state beside the buttons, and at a field why it is not saved.
window.writing = window.writing ?? {};
(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const clone = (name) => document.querySelector(`template[data-writing='${name}']`).content.firstElementChild.cloneNode(true);

  // Name in the control what describes it, or take it away again.
  const describe = (field, id, described) => {
    field.controls.forEach((control) => {
      const ids = new Set((control.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean));
      if (described) ids.add(id);
      else ids.delete(id);
      if (ids.size) control.setAttribute("aria-describedby", Array.from(ids).join(" "));
      else control.removeAttribute("aria-describedby");
    });
  };
  const unfold = (part) => {
    for (let folded = part.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
  };
  const nameOf = (field) => field.box.id.replace(/^div_/, "");
  const place = (field, kind) => {
    const id = `${nameOf(field)}_${kind}`;
    return document.getElementById(id) ?? Object.assign(document.createElement("div"), { id });
  };

  const showInvalid = (field, sentences) => {
    field.isInvalid = sentences.length > 0;
    const box = place(field, "error");
    box.className = "form-errors";
    box.replaceChildren(
      ...sentences.map((sentence) => {
        const line = clone("invalid");
        line.querySelector("[data-sentence]").textContent = sentence;
        return line;
      }),
    );
    const shown = sentences.length > 0;
    if (shown && !box.isConnected) field.box.querySelector(".form-conts").after(box);
    if (!shown) box.remove();
    describe(field, box.id, shown);
    field.box.querySelector(".form-conts").classList.toggle("is-error", shown);
    field.controls.forEach((control) => {
      if (shown) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    });
  };

  // What is wrong with a row as a whole stands above its fields.
  const showRow = (row, sentences) => {
    all("[data-row-invalid]", row.element).forEach((line) => line.remove());
    row.isInvalid = sentences.length > 0;
    const first = row.element.querySelector(".form-grid, td:not(.formset-number), .form-group");
    sentences.forEach((sentence) => {
      const line = clone("invalid");
      line.dataset.rowInvalid = "";
      line.querySelector("[data-sentence]").textContent = sentence;
      if (first.matches("td")) first.prepend(line);
      else first.before(line);
    });
  };

  // Both values side by side at the field, as the server renders them.
  const showConflict = (field, html) => {
    const box = place(field, "conflict");
    if (!html) {
      box.remove();
      describe(field, box.id, false);
      return;
    }
    box.innerHTML = html;
    if (!box.isConnected) field.box.append(box);
    describe(field, box.id, true);
    offerChoice(box);
    unfold(field.box);
  };
  const offerChoice = (box) => all("[data-conflict-choice]", box).forEach((choice) => (choice.hidden = false));

  class State {
    constructor(line) {
      this.line = line;
      this.parts = new Map(all("[data-save]", line).map((part) => [part.dataset.save, part]));
      this.said = "";
      line.hidden = false;
    }
    // ``text`` stands for the underscores of its sentence; ``isKept``: this browser has a copy of what is not saved.
    show(state, { text = "", isKept = true, first = null } = {}) {
      const part = this.parts.get(state);
      this.parts.forEach((each) => (each.hidden = each !== part));
      this.line.dataset.state = state;
      all("[data-sentence]", part).forEach((element) => {
        element.textContent = element.dataset.sentence.replace("__", text);
      });
      all("[data-save-kept]", part).forEach((each) => (each.hidden = !isKept));
      all("[data-save-loose]", part).forEach((each) => (each.hidden = isKept));
      all("[data-save-show]", part).forEach((button) => (button.onclick = () => this.lead(first)));
      this.say(state, part);
    }
    // Who listens hears what goes wrong and that it is well again, and nothing of each save.
    say(state, part) {
      const kind = ["idle", "waiting", "saved"].includes(state) ? "well" : state;
      if (kind === this.said || state === "waiting" || state === "idle") return;
      const isNews = kind !== "well" || this.said !== "";
      this.said = kind;
      const words = all(".save-words > span:not([hidden])", part).map((each) => each.textContent.trim());
      if (isNews) document.getElementById("announcer").textContent = words.join(" ");
    }
    lead(field) {
      if (!field) return;
      unfold(field.box);
      field.controls[0].focus({ preventScroll: true });
      field.box.scrollIntoView({ block: "center" });
    }
  }

  Object.assign(window.writing, { State, showInvalid, showRow, showConflict, offerChoice, unfold });
})();
