// What this browser kept of the form and the server does not have: offered to be put back, with what it started from.
(() => {
  "use strict";
  const notice = document.querySelector("[data-kept]");
  const { form, fields, same, keep, schedule, show, unfold } = window.writing;
  if (!notice || !fields || !window.kept) return;
  const token = form.elements.token.value;

  // Where a kept field belongs on this page: its field, or the table to which its row has to be added again.
  const placeOf = (copy) => fields.byId(copy.id) ?? (fields.has(copy.table) ? copy.table : null);
  const isNews = (copy, entry) => {
    const place = placeOf(copy);
    const row = entry.rows[copy.row];
    if (!place) return false;
    if (typeof place === "string") return !row.isRemoved;
    return Boolean(row?.isRemoved && !place.row.isRemoved) || !same(place.value, copy.value);
  };
  const find = async () => {
    await window.kept.ready;
    const [entries, alive] = [await window.kept.list(), await window.kept.openPages()];
    const found = [];
    for (const entry of entries) {
      const isOfForm = entry.submission === form.dataset.submission && !entry.form;
      if (!isOfForm || (alive.has(entry.token) && entry.token !== token)) continue;
      const here = entry.fields.filter((copy) => placeOf(copy));
      const news = here.filter((copy) => isNews(copy, entry));
      // What the server has is no copy any more.
      if (here.length && !news.length && entry.token !== token) await leaveOnly(entry, here);
      if (news.length) found.push({ entry, news, here });
    }
    return found;
  };
  // Of a page with all steps on it the other steps stay kept.
  const leaveOnly = async (entry, gone) => {
    const rest = entry.fields.filter((copy) => !gone.includes(copy));
    if (!rest.length) return window.kept.drop(entry.token);
    const { token: name, ...content } = entry;
    return window.kept.keep(name, { ...content, fields: rest });
  };

  const rowFor = (copy, entry, added) => {
    const kept = entry.rows[copy.row];
    if (added.has(copy.row)) return added.get(copy.row);
    const row = fields.addRow(copy.table);
    if (!row) return null;
    // Under its old key the server says whether somebody removed it; a row that it never had comes under its own.
    row.keyInput.value = kept.key;
    if (!kept.key) row.clientInput.value = kept.clientKey;
    row.mayBeThere = !kept.key;
    row.fields.forEach((field, name) => {
      if (!(name in kept.values)) return;
      field.fill(kept.values[name]);
      if (kept.key) field.settle(kept.values[name], kept.values[name]);
    });
    added.set(copy.row, row);
    return row;
  };
  const putBack = ({ entry, news }) => {
    const added = new Map();
    news.forEach((copy) => {
      const field = fields.byId(copy.id) ?? rowFor(copy, entry, added)?.fields.get(copy.name);
      if (!field) return;
      // What was typed into a long text since is not overwritten either.
      const isTyped = field.isDirty && field.controls[0].localName === "textarea" && !same(field.value, copy.value);
      const isOwn = copy.sent.some((raw) => same(raw, field.base));
      if (!isOwn) field.settle(copy.base, copy.base);
      field.sent = copy.sent;
      if (entry.rows[copy.row]?.isRemoved && field.row.tick) {
        field.row.tick.checked = true;
        field.row.tick.dispatchEvent(new Event("change", { bubbles: true }));
      } else field.fill(isTyped ? `${field.value}\n\n${copy.value}` : copy.value);
    });
  };

  const words = (found) => {
    const labels = found.flatMap(({ news }) => news.map(({ label }) => label));
    notice.querySelector("[data-kept-fields]").replaceChildren(
      ...Array.from(new Set(labels), (label) => Object.assign(document.createElement("li"), { textContent: label })),
    );
    const last = notice.querySelector("[data-kept-at]");
    last.textContent = last.dataset.sentence.replace("__", window.kept.time(Math.max(...found.map(({ entry }) => entry.at))));
  };
  // The reader goes on at what was put back, or at the first field.
  const close = (found) => {
    notice.hidden = true;
    const [copy] = found.flatMap(({ news }) => news);
    const field = (copy && fields.byId(copy.id)) ?? fields.list[0];
    unfold(field.box);
    field.controls[0].focus();
  };

  // Done as soon as the page shows what there is.
  window.writing.offered = find().then((found) => {
    if (!found.length) return;
    words(found);
    notice.hidden = false;
    // A reloaded page stands where it was left, which may be far below.
    window.setTimeout(() => notice.scrollIntoView({ block: "center" }), 0);
    notice.querySelector("[data-kept-restore]").addEventListener("click", async () => {
      found.forEach(putBack);
      await keep();
      // The page's own copy has it now.
      for (const { entry, here } of found) if (entry.token !== token) await leaveOnly(entry, here);
      close(found);
      show();
      schedule(2000);
    });
    notice.querySelector("[data-kept-discard]").addEventListener("click", async () => {
      for (const { entry, here } of found) await leaveOnly(entry, here);
      close([]);
      await keep();
    });
  });
})();
