// Forms: counting characters, rows of a form set, the summary of errors. Every form works without this file.
(() => {
  "use strict";

  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

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

  // After a refused form the summary of what to mend is read first.
  document.querySelector("[data-error-summary]")?.focus();
})();
