// Small helps. Every page works without this file.
(() => {
  "use strict";

  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // A second click on a button sends nothing. The server refuses a double too; this only spares the wait.
  const buttonsOf = (form) => Array.from(form.elements).filter((e) => e.type === "submit");
  const release = (form) => {
    delete form.dataset.sent;
    buttonsOf(form).forEach((button) => button.removeAttribute("aria-disabled"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || (form.method || "get").toLowerCase() !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    buttonsOf(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    // A download leaves the page where it is.
    window.setTimeout(() => release(form), 10000);
  });
  window.addEventListener("pageshow", () => all("form").forEach(release));

  // Leaving a form with unsaved changes asks first.
  const contentOf = (form) => {
    const entries = Array.from(new FormData(form).entries());
    return JSON.stringify(entries.filter(([name]) => name !== "csrfmiddlewaretoken").map(([k, v]) => [k, v.name ?? v]));
  };
  const watched = all("form[data-warn-unsaved]").map((form) => ({ form, before: contentOf(form) }));
  window.addEventListener("beforeunload", (event) => {
    const isSent = all("form[data-sent]").length > 0;
    const changed = watched.some(({ form, before }) => {
      // On a page of several forms, each may lose what was typed when another one is sent.
      if ("sent" in form.dataset || (isSent && form.dataset.warnUnsaved !== "others")) return false;
      return "changed" in form.dataset || contentOf(form) !== before;
    });
    if (changed) event.preventDefault();
  });

  // Signing out forgets what this tab has kept: unsaved forms (kept.js), and the address that htmx notes.
  all("form[action$='/accounts/logout/']").forEach((form) => {
    form.addEventListener("submit", () => {
      const kept = Object.keys(sessionStorage).filter((key) => /^(kept:|htmx-)/.test(key));
      kept.forEach((key) => sessionStorage.removeItem(key));
    });
  });

  // The menu on a narrow screen.
  all("[data-menu-button]").forEach((button) => {
    const menu = document.getElementById(button.getAttribute("aria-controls"));
    if (!menu) return;
    button.hidden = false;
    menu.classList.add("is-closed");
    button.addEventListener("click", () => {
      const open = !menu.classList.toggle("is-closed");
      button.setAttribute("aria-expanded", String(open));
    });
  });

  // An open menu closes with Escape, with a click beside it, and when the focus goes on: it would hide where that is.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details[data-closing][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  const closeOthers = (event) => {
    all("details[data-closing][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  };
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);
})();
