// What is typed into a long form is kept in this tab until it is saved: a session that ends, a browser that goes back or a
// page that is left loses nothing. It is offered to the same person only, and forgotten at signing out.
(() => {
  "use strict";
  const PREFIX = "kept:";
  const NOT_TYPED = /^(csrfmiddlewaretoken|token|initial-.*|.*-(key|TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS))$/;
  const read = (key) => {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  };

  // The server names in the address what it has saved.
  const saved = new URLSearchParams(window.location.search).get("saved");
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(PREFIX) && saved && read(key)?.token === saved)
    .forEach((key) => sessionStorage.removeItem(key));

  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const key = PREFIX + form.dataset.keep;
  const entries = () =>
    Array.from(new FormData(form).entries()).filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "token");
  const plain = (value) => String(value).replace(/\r\n/g, "\n").trim();
  const keep = () => {
    try {
      sessionStorage.setItem(key, JSON.stringify({ token: form.elements.token.value, entries: entries() }));
    } catch {
      // No room, or switched off: the form works as it did before.
    }
  };

  const differs = (kept) => {
    const now = new Map(entries());
    return kept.entries.some(([name, value]) => !NOT_TYPED.test(name) && plain(now.get(name) ?? "") !== plain(value));
  };
  const restore = (kept) => {
    const before = new Map(kept.entries);
    form.querySelectorAll("[data-formset]").forEach((set) => {
      const total = set.querySelector("input[name$='-TOTAL_FORMS']");
      const wanted = Number(before.get(total.name) ?? 0);
      while (Number(total.value) < wanted && !set.querySelector("[data-formset-add]").hidden) {
        set.querySelector("[data-formset-add]").click();
      }
    });
    Array.from(form.elements).forEach((field) => {
      if (!field.name || ["csrfmiddlewaretoken", "token"].includes(field.name) || field.name.endsWith("_NUM_FORMS")) return;
      if (field.type === "checkbox") field.checked = before.has(field.name);
      else if (before.has(field.name) && !field.name.endsWith("-TOTAL_FORMS")) field.value = before.get(field.name);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    form.dataset.changed = "1";
  };

  const kept = read(key);
  const notice = document.querySelector("[data-kept]");
  if (kept && notice && differs(kept)) {
    notice.hidden = false;
    // A reloaded page stands where it was left, which may be far below.
    window.addEventListener("load", () => window.setTimeout(() => notice.scrollIntoView({ block: "center" }), 0));
    notice.querySelector("[data-kept-restore]").addEventListener("click", () => {
      restore(kept);
      notice.hidden = true;
    });
    notice.querySelector("[data-kept-discard]").addEventListener("click", () => {
      sessionStorage.removeItem(key);
      notice.hidden = true;
    });
  }
  form.addEventListener("input", (event) => event.isTrusted && keep());
  form.addEventListener("change", (event) => event.isTrusted && keep());
  form.addEventListener("submit", keep);
})();
