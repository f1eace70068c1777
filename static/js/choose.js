// Lists with boxes to tick: a box that ticks all, and how many are ticked. Without it each box is ticked by itself.
document.querySelectorAll("[data-choose]").forEach((form) => {
  "use strict";
  const boxes = Array.from(form.querySelectorAll("tbody input[type=checkbox]"));
  const area = form.querySelector("[data-choose-all]");
  const every = area?.querySelector("input");
  const count = area?.querySelector("[data-choose-count]");
  if (!every || !boxes.length) return;

  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    every.checked = ticked === boxes.length;
    every.indeterminate = ticked > 0 && ticked < boxes.length;
    count.textContent = count.dataset.sentence.replace("__", String(ticked));
  };
  area.hidden = false;
  every.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = every.checked));
    tell();
  });
  boxes.forEach((box) => box.addEventListener("change", tell));
  // A browser that goes back has kept the ticks, and sets them after this file has run.
  window.addEventListener("pageshow", tell);
  tell();
});

// What was done is read first.
document.querySelector("[data-report]")?.focus({ preventScroll: true });
