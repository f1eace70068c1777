// A form that is posted as a whole: what is typed is kept in the browser (kept.js) until the server has saved it.
(() => {
  "use strict";
  const form = document.querySelector("form[data-keep]");
  if (!form || !window.kept) return;
  const { keep: kind, submission, title, write, stepLabel } = form.dataset;
  const token = form.elements.token.value;
  const notice = document.querySelector("[data-kept]");
  const plain = (value) => String(value ?? "").replace(/\r\n/g, "\n").trim();
  const isTyped = (control) => control.name && !["hidden", "submit", "button"].includes(control.type);
  const isChanged = (control) => {
    if (control.type === "checkbox") return control.checked !== control.defaultChecked;
    if (control.localName === "select") return Array.from(control.options).some((each) => each.selected !== each.defaultSelected);
    return plain(control.value) !== plain(control.defaultValue) || ("changed" in form.dataset && control.value);
  };
  const entries = () => Array.from(new FormData(form)).filter(([name]) => !["csrfmiddlewaretoken", "token"].includes(name));
  const labelOf = (control) => {
    const label = control.closest(".form-group")?.querySelector(".form-tit, label")?.firstChild.textContent.trim();
    return label || control.getAttribute("aria-label") || control.name;
  };
  const keep = () => {
    const changed = Array.from(form.elements).filter((control) => isTyped(control) && isChanged(control));
    if (!changed.length) return window.kept.drop(token);
    const fields = changed.map((control) => ({ label: labelOf(control), step: "", stepLabel, value: control.value }));
    return window.kept.keep(token, { form: kind, submission, title, write, fields, entries: entries() });
  };
  const restore = (copy) => {
    const before = new Map(copy.entries);
    Array.from(form.elements).forEach((control) => {
      if (!control.name || ["csrfmiddlewaretoken", "token"].includes(control.name)) return;
      if (control.type === "checkbox") control.checked = before.has(control.name);
      else if (before.has(control.name)) control.value = before.get(control.name);
      control.dispatchEvent(new Event("input", { bubbles: true }));
    });
    form.dataset.changed = "";
  };
  const differs = (copy) => {
    const now = new Map(entries());
    return copy.entries.some(([name, value]) => isTyped(form.elements.namedItem(name) ?? {}) && plain(now.get(name)) !== plain(value));
  };

  form.addEventListener("input", (event) => event.isTrusted && keep());
  form.addEventListener("change", (event) => event.isTrusted && keep());
  window.kept.live(token);
  window.kept.ready.then(async () => {
    const alive = await window.kept.openPages();
    const all = (await window.kept.list()).filter((copy) => copy.form === kind && copy.submission === submission);
    const found = all.filter((copy) => copy.token !== token && !alive.has(copy.token) && differs(copy));
    if (!notice || !found.length) return;
    const copy = found.at(-1);
    const at = notice.querySelector("[data-kept-at]");
    at.textContent = at.dataset.sentence.replace("__", window.kept.time(copy.at));
    const labels = Array.from(new Set(copy.fields.map(({ label }) => label)));
    notice.querySelector("[data-kept-fields]").replaceChildren(
      ...labels.map((textContent) => Object.assign(document.createElement("li"), { textContent })),
    );
    notice.hidden = false;
    window.setTimeout(() => notice.scrollIntoView({ block: "center" }), 0);
    const close = async () => {
      notice.hidden = true;
      Array.from(form.elements).find(isTyped)?.focus();
      await window.kept.drop(copy.token);
    };
    notice.querySelector("[data-kept-restore]").addEventListener("click", async () => {
      restore(copy);
      await keep();
      await close();
    });
    notice.querySelector("[data-kept-discard]").addEventListener("click", close);
  });
})();
