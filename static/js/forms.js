// Forms: counting, rows of a form set, dates, files, passwords, the summary of errors. Every form works without this file.
(() => {
  "use strict";

  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const element = (name, properties) => Object.assign(document.createElement(name), properties);
  const tell = (field) => ["input", "change"].forEach((name) => field.dispatchEvent(new Event(name, { bubbles: true })));

  // How long a text is, counted as the server counts: characters, a line break as one. It tells and never cuts.
  const lengthOf = (text) => Array.from(text.replace(/\r\n?/g, "\n")).length;
  const NEAR = 0.9;
  const startCount = (output) => {
    const input = document.getElementById(output.dataset.countFor);
    if (!input) return;
    const quiet = output.hidden;
    const limit = Number(output.dataset.limit);
    const now = element("span", { className: "count-now" });
    const over = element("span", { className: "count-over" });
    // Who listens hears it near the limit only, and only when the typing pauses.
    const said = element("span", { className: "sr-only", role: "status" });
    const sentence = (left) =>
      left < 0
        ? output.dataset.over.replace("__", (-left).toLocaleString("en"))
        : output.dataset.left.replace("__", left.toLocaleString("en"));
    let pause;
    const count = () => {
      const length = lengthOf(input.value);
      now.textContent = length.toLocaleString("en");
      over.textContent = length > limit ? ` · ${sentence(limit - length)}` : "";
      output.classList.toggle("is-over", length > limit);
      // Beside a one-line field it shows only when the limit is near.
      output.hidden = quiet && length < NEAR * limit;
    };
    output.replaceChildren(now, element("span", { className: "count-total", textContent: output.dataset.total }), over);
    output.after(said);
    input.addEventListener("input", () => {
      count();
      window.clearTimeout(pause);
      pause = window.setTimeout(() => {
        const left = limit - lengthOf(input.value);
        said.textContent = left < (1 - NEAR) * limit ? sentence(left) : "";
      }, 1000);
    });
    count();
  };

  // A date: the browser's calendar writes into the text field, in the language of the page.
  const startDate = (box) => {
    const text = box.querySelector("input:not([type=date])");
    const picker = box.querySelector("[data-date-picker]");
    const button = box.querySelector("[data-date-open]");
    if (!("showPicker" in picker) || text.disabled || text.readOnly) return;
    picker.hidden = button.hidden = false;
    button.addEventListener("click", () => {
      const found = text.value.match(/^\s*(\d{4})\D*(\d{1,2})\D+(\d{1,2})\D*$/) ?? text.value.match(/^(\d{4})(\d\d)(\d\d)$/);
      picker.value = found ? [found[1], found[2].padStart(2, "0"), found[3].padStart(2, "0")].join("-") : "";
      picker.showPicker();
    });
    picker.addEventListener("change", () => {
      const [year, month, day] = picker.value.split("-").map(Number);
      if (!year) return;
      text.value = box.dataset.date.startsWith("ko") ? `${year}. ${month}. ${day}.` : picker.value;
      tell(text);
      text.focus();
    });
  };

  // A password can be looked at while it is typed, and is hidden again before it is sent.
  const startReveal = (button) => {
    const field = document.getElementById(button.dataset.reveal);
    if (!field) return;
    const show = (shown) => {
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.querySelector("[data-reveal-show]").hidden = shown;
      button.querySelector("[data-reveal-hide]").hidden = !shown;
    };
    button.hidden = false;
    button.addEventListener("click", () => show(field.type === "password"));
    field.form?.addEventListener("submit", () => show(false));
  };

  // Chosen files: a list with sizes, from which one can be taken out again; they may be dropped onto the box.
  const sizeOf = (bytes) =>
    bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const startFiles = (box) => {
    const input = box.querySelector("input[type=file]");
    const list = box.querySelector("[data-files-list]");
    const drop = box.querySelector(".file-upload");
    const most = Number(box.dataset.maxSize || Infinity);
    const set = (files) => {
      const chosen = new DataTransfer();
      files.forEach((file) => chosen.items.add(file));
      input.files = chosen.files;
      tell(input);
    };
    const line = (file) => {
      const item = list.querySelector("template").content.firstElementChild.cloneNode(true);
      const button = item.querySelector("button");
      item.querySelector(".file-name").textContent = `${file.name} [${sizeOf(file.size)}]`;
      item.classList.toggle("is-error", file.size > most);
      item.querySelector(".file-hint-invalid").hidden = file.size <= most;
      button.setAttribute("aria-label", `${button.textContent.trim()}: ${file.name}`);
      button.addEventListener("click", () => {
        set(Array.from(input.files).filter((other) => other !== file));
        input.focus();
      });
      return item;
    };
    const show = () => {
      list.hidden = !input.files.length;
      const total = list.querySelector("[data-files-total]");
      total.textContent = total.dataset.filesTotal.replace("__", input.files.length);
      list.querySelector("ul").replaceChildren(...Array.from(input.files, line));
    };
    box.querySelector("[data-files-drop]").hidden = false;
    // The browser's own button speaks the browser's language; ours that of the page.
    box.querySelector("[data-files-choose]").hidden = input.disabled;
    input.classList.add("sr-only");
    input.addEventListener("change", show);
    const light = (lit) => (event) => {
      event.preventDefault();
      drop.classList.toggle("active", lit);
    };
    ["dragenter", "dragover"].forEach((name) => drop.addEventListener(name, light(true)));
    ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, light(false)));
    drop.addEventListener("drop", (event) => {
      if (input.disabled) return;
      const dropped = Array.from(event.dataTransfer.files);
      set(input.multiple ? [...input.files, ...dropped] : dropped.slice(0, 1));
    });
    show();
  };

  // Rows of a form set. Without this the button sends the form, and the server adds the row.
  const CONTROLS = "input:not([type=hidden], [tabindex='-1']), select, textarea";
  const startSet = (set) => {
    const total = set.querySelector("input[name$='-TOTAL_FORMS']");
    const most = Number(set.querySelector("input[name$='-MAX_NUM_FORMS']").value);
    const stored = Number(set.querySelector("input[name$='-INITIAL_FORMS']").value);
    const said = set.querySelector("[data-formset-said]");
    const adder = set.querySelector("[data-formset-add]");
    const rows = () => all("[data-formset-row]", set).filter((row) => !row.hidden);
    const say = (what, row) => (said.textContent = said.dataset[`said${what}`].replace("__", numberOf(row)));
    const numberOf = (row) => row.querySelector("[data-formset-number]")?.textContent ?? "";
    const count = () => {
      rows().forEach((row, index) => {
        const number = row.querySelector("[data-formset-number]");
        if (number) number.textContent = index + 1;
      });
      adder.hidden = Number(total.value) >= most;
    };

    const isEmpty = (row) =>
      all(CONTROLS, row).every((field) => {
        if (field.name.endsWith("-DELETE")) return true;
        if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
        if (field.tagName === "SELECT") return field.selectedIndex <= 0 || field.options[field.selectedIndex].defaultSelected;
        return field.value === "";
      });
    const startRow = (row) => {
      const tick = row.querySelector("input[name$='-DELETE']");
      const button = row.querySelector("[data-formset-remove]");
      if (!tick || !button) return;
      const isNew = Number(tick.name.match(/-(\d+)-DELETE$/)?.[1]) >= stored;
      const show = () => {
        row.classList.toggle("is-deleted", tick.checked);
        // Nothing was ever in it: it goes at once.
        row.hidden = tick.checked && isNew && isEmpty(row);
        button.querySelector("[data-formset-take]").hidden = tick.checked;
        button.querySelector("[data-formset-keep]").hidden = !tick.checked;
      };
      row.querySelector("[data-formset-tick]").hidden = true;
      button.hidden = false;
      button.addEventListener("click", () => {
        tick.checked = !tick.checked;
        say(tick.checked ? "Removed" : "Kept", row);
        const next = rows()[rows().indexOf(row) + 1];
        tell(tick);
        // The reader goes on at the row after it.
        if (row.hidden) (next?.querySelector(CONTROLS) ?? adder).focus();
      });
      ["input", "change"].forEach((name) =>
        tick.addEventListener(name, () => {
          show();
          count();
        }),
      );
      show();
    };

    const addRow = () => {
      const number = Number(total.value);
      const holder = document.createElement("template");
      holder.innerHTML = set.querySelector("template[data-formset-empty]").innerHTML.replaceAll("__prefix__", String(number));
      set.querySelector("[data-formset-rows]").append(holder.content);
      total.value = String(number + 1);
      const row = all("[data-formset-row]", set).at(-1);
      start(row);
      startRow(row);
      count();
      say("Added", row);
      row.querySelector(CONTROLS)?.focus();
    };

    all("[data-formset-row]", set).forEach(startRow);
    // From here on Enter presses the button that saves, and this one adds without a page.
    adder.type = "button";
    adder.addEventListener("click", addRow);
    count();
  };

  // The summary of what is to be mended leads into each field, also a folded one.
  const startSummary = (summary) => {
    summary.addEventListener("click", (event) => {
      const target = document.getElementById(event.target.closest("a[href^='#']")?.hash.slice(1));
      if (!target) return;
      event.preventDefault();
      for (let folded = target.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
      target.focus({ preventScroll: true });
      (target.closest(".form-group") ?? target).scrollIntoView({ block: "center" });
    });
    // After a refused form it is read first. Where the address names a part of the page, the browser goes there while it
    // loads, and takes the focus away again.
    const readFirst = () => {
      if (!document.activeElement?.matches("[data-error-summary]")) summary.focus();
    };
    const isPassedOver = () => document.activeElement === document.body || document.activeElement.matches(":target");
    readFirst();
    if (window.location.hash && document.readyState !== "complete") {
      window.addEventListener("load", () => setTimeout(() => isPassedOver() && readFirst()), { once: true });
    }
  };

  const BEGIN = {
    "[data-count-for]": startCount,
    "[data-date]": startDate,
    "[data-reveal]": startReveal,
    "[data-files]": startFiles,
    "[data-formset]": startSet,
    "[data-error-summary]": startSummary,
  };
  const started = new WeakSet();
  const start = (root) => {
    Object.entries(BEGIN).forEach(([selector, begin]) => {
      const found = [...(root.matches?.(selector) ? [root] : []), ...all(selector, root)];
      found.filter((part) => !started.has(part)).forEach((part) => {
        started.add(part);
        begin(part);
      });
    });
  };
  start(document);
  // What htmx puts into the page later begins like the rest.
  document.addEventListener("htmx:load", (event) => start(event.target));
})();
