// Where somebody chooses what to go on with: which steps have text that this browser kept and the server does not have.
(() => {
  "use strict";
  const notice = document.querySelector("[data-kept-list]");
  if (!notice || !window.kept) return;
  const { keptList: submission } = notice.dataset;
  const isLocked = "keptLocked" in notice.dataset;
  const element = (name, properties) => Object.assign(document.createElement(name), properties);

  const linkTo = (entry, step, textContent) =>
    element("a", { href: entry.write + (step && `${step}/`), textContent });
  // Where nothing can be put back now, the text itself stands here.
  const texts = (fields) =>
    fields.flatMap(({ label, value }) => [
      element("p", { className: "muted", textContent: label }),
      element("p", { className: "kept-text", textContent: [value].flat().filter(Boolean).join(" ") || "–" }),
    ]);
  const line = (entry, step) => {
    const fields = entry.fields.filter((field) => field.step === step);
    const [{ stepLabel }] = fields;
    const labels = Array.from(new Set(fields.map(({ label }) => label))).join(", ");
    const item = element("li");
    if (isLocked) item.append(element("strong", { textContent: stepLabel }), ` ${window.kept.time(entry.at)}`, ...texts(fields));
    else item.append(linkTo(entry, step, submission ? stepLabel : `${entry.title} · ${stepLabel}`), ` ${labels} · ${window.kept.time(entry.at)}`);
    return item;
  };
  window.kept.ready.then(window.kept.list).then(async (entries) => {
    const alive = await window.kept.openPages();
    const shown = entries.filter((entry) => (!submission || entry.submission === submission) && !alive.has(entry.token));
    const lines = shown.flatMap((entry) =>
      Array.from(new Set(entry.fields.map(({ step }) => step)), (step) => line(entry, step)),
    );
    notice.querySelector("ul").replaceChildren(...lines);
    notice.hidden = !lines.length;
    notice.querySelector("[data-kept-discard]")?.addEventListener("click", async () => {
      await Promise.all(shown.map(({ token }) => window.kept.drop(token)));
      notice.hidden = true;
    });
  });
})();
