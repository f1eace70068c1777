// Rates and totals while somebody types: the same as ministries/computed.py works out when it is saved.
(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // A typed number in thousandths, exact; null where there is none.
  const thousandths = (text) => {
    const plain = text.normalize("NFKC").replace(/[,\s]/g, "").replace(/[△−]/g, "-");
    const found = plain.match(/^([+-]?)(\d*)(?:\.(\d{0,3})0*)?$/);
    if (!found || !(found[2] || found[3])) return null;
    const size = BigInt(found[2] || "0") * 1000n + BigInt((found[3] ?? "").padEnd(3, "0"));
    return found[1] === "-" ? -size : size;
  };
  const fieldOf = (id) => {
    const number = document.getElementById(`${id}_value`) ?? document.getElementById(id);
    return number && thousandths(number.value);
  };
  const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");
  const minus = document.documentElement.lang === "ko" ? "△" : "-";
  const shown = (value, places) => {
    const size = value < 0n ? -value : value;
    const unit = 10n ** BigInt(places);
    const rest = (size % unit).toString().padStart(places, "0").replace(/0+$/, "");
    return (value < 0n ? minus : "") + grouped((size / unit).toString()) + (rest && `.${rest}`);
  };
  // part ÷ whole in tenths of a per cent, rounded half up (away from zero).
  const permille = (part, whole) => {
    const negative = part < 0n !== whole < 0n;
    const top = (part < 0n ? -part : part) * 1000n;
    const bottom = whole < 0n ? -whole : whole;
    const found = (2n * top + bottom) / (2n * bottom);
    return negative ? -found : found;
  };

  const rate = (direction, actual, target) => {
    if (actual === null || target === null || target < 0n) return "–";
    if (target === 0n) return direction !== "more" && actual === 0n ? "100" : "–";
    let part = actual;
    if (direction === "less") part = 2n * target - actual;
    if (direction === "keep") part = target - (actual > target ? actual - target : target - actual);
    return shown(part < 0n ? 0n : permille(part, target), 1);
  };
  const showRate = (output) => {
    const values = [fieldOf(output.dataset.part), fieldOf(output.dataset.whole)];
    output.textContent = rate(output.dataset.rate, ...values);
  };

  // The sum of a column over the rows that stay: what was left empty counts for nothing, what is not known leaves no sum.
  const column = (set, name) => {
    let sum = null;
    for (const row of all("[data-formset-row]", set)) {
      if (row.querySelector("input[name$='-DELETE']")?.checked) continue;
      const number = row.querySelector(`input[name$='-${name}_value']`);
      const state = row.querySelector(`select[name$='-${name}_state']`);
      if (!number) continue;
      if (state?.value === "not-known") return undefined;
      const value = thousandths(number.value);
      if (value !== null) sum = (sum ?? 0n) + value;
    }
    return sum;
  };
  const totalText = (sum, dash) => (typeof sum === "bigint" ? shown(sum, 3) : dash);
  const showTotals = (box) => {
    const set = box.previousElementSibling.closest("[data-formset]") ?? box.parentElement.querySelector("[data-formset]");
    const write = (name, text) => box.querySelectorAll(`[data-total=${name}]`).forEach((part) => (part.textContent = text));
    if ("people" in box.dataset) {
      const [women, men] = [column(set, "women"), column(set, "men")];
      const both = typeof women === "bigint" && typeof men === "bigint" ? women + men : undefined;
      write("women", totalText(women, "–"));
      write("men", totalText(men, "–"));
      write("all", totalText(both ?? (women === null && men === null ? null : undefined), "–"));
      return;
    }
    const [budget, executed] = [column(set, "budget"), column(set, "executed")];
    write("budget", totalText(budget, "–"));
    write("executed", totalText(executed, "–"));
    const whole = typeof budget === "bigint" && typeof executed === "bigint" && budget !== 0n;
    box.querySelector("[data-execution]").textContent = whole ? shown(permille(executed, budget), 1) : "–";
  };

  const showAll = () => {
    all("[data-rate]").forEach(showRate);
    all("[data-people], [data-budget]").forEach(showTotals);
  };
  document.addEventListener("input", (event) => event.target.closest("form[data-keep]") && showAll());
  document.addEventListener("change", (event) => event.target.closest("form[data-keep]") && showAll());
})();
