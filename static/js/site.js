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
    if (all("form[data-sent]").length) return;
    const changed = watched.some(({ form, before }) => "changed" in form.dataset || contentOf(form) !== before);
    if (changed) event.preventDefault();
  });

  // How long a text is, counted as the server counts: characters, a line break as one. It tells and never cuts.
  const lengthOf = (text) => Array.from(text.replace(/\r\n?/g, "\n")).length;
  const count = (input, output) => {
    const length = lengthOf(input.value);
    const over = length > Number(output.dataset.limit);
    const sentence = over ? output.dataset.over : output.dataset.now;
    output.textContent = sentence.replace("__", length.toLocaleString("en"));
    output.classList.toggle("is-over", over);
    // Beside a one-line field it shows only when the limit is near.
    if (output.dataset.quiet) output.hidden = length < 0.8 * Number(output.dataset.limit);
  };
  const startCount = (output) => {
    const input = document.getElementById(output.dataset.countFor);
    if (!input || output.dataset.started) return;
    output.dataset.started = "1";
    if (output.hidden) output.dataset.quiet = "1";
    input.addEventListener("input", () => count(input, output));
    count(input, output);
  };
  all("[data-count-for]").forEach(startCount);

  // One more row in a form set.
  const addRow = (set) => {
    const total = set.querySelector("input[name$='-TOTAL_FORMS']");
    const most = Number(set.querySelector("input[name$='-MAX_NUM_FORMS']").value);
    const number = Number(total.value);
    const source = set.querySelector("template[data-formset-empty]");
    const holder = document.createElement("template");
    holder.innerHTML = source.innerHTML.replaceAll("__prefix__", String(number));
    set.querySelector("[data-formset-rows]").append(holder.content);
    total.value = String(number + 1);
    const row = all("[data-formset-row]", set).at(-1);
    all("[data-count-for]", row).forEach(startCount);
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    set.querySelector("[data-formset-add]").hidden = number + 1 >= most;
  };
  all("[data-formset]").forEach((set) => {
    const button = set.querySelector("[data-formset-add]");
    if (!button) return;
    const total = Number(set.querySelector("input[name$='-TOTAL_FORMS']").value);
    button.hidden = total >= Number(set.querySelector("input[name$='-MAX_NUM_FORMS']").value);
    button.addEventListener("click", () => addRow(set));
    set.addEventListener("change", (event) => {
      if (!event.target.name?.endsWith("-DELETE")) return;
      event.target.closest("[data-formset-row]")?.classList.toggle("is-deleted", event.target.checked);
    });
  });

  // Signing out forgets what this tab has kept of unsaved forms (kept.js).
  all("form[action$='/accounts/logout/']").forEach((form) => {
    form.addEventListener("submit", () => {
      const kept = Object.keys(sessionStorage).filter((key) => key.startsWith("kept:"));
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

  // An open menu closes with Escape and with a click beside it.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details[data-closing][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    all("details[data-closing][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // After a refused form the summary of what to mend is read first.
  document.querySelector("[data-error-summary]")?.focus();
})();

// A document under way: ask how far it is, and show the page anew when it is finished.
(() => {
  "use strict";
  document.querySelectorAll("[data-job]").forEach((job) => {
    const ask = async () => {
      try {
        const answer = await fetch(job.dataset.job, { headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const { state, label, progress } = await answer.json();
        if (state === "done" || state === "failed") {
          window.location.reload();
          return;
        }
        job.querySelector("[data-job-label]").textContent = label;
        job.querySelector("progress").value = progress;
      } catch {
        // The server is away for a moment: ask again.
      }
      window.setTimeout(ask, 1500);
    };
    window.setTimeout(ask, 1000);
  });
})();
