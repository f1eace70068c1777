// What a page that saves by itself sends at a time, what it learns from the answer, and what the browser keeps meanwhile.
window.writing = window.writing ?? {};
(() => {
  "use strict";
  const { GROWING } = window.writing;

  // The changed fields and rows as the server takes them. A field in conflict waits until its person has chosen.
  const collect = (fields, person, wanted = () => true) => {
    const payload = { person, fields: {}, rows: {}, warnings: {} };
    const batch = { payload, sent: new Map(), rows: new Map() };
    const rows = new Map();
    fields.changed.filter(wanted).forEach((field) => {
      if (field.conflict || (field.row?.news !== "change" && field.row?.isInConflict)) return;
      if (!field.row) payload[field.table ? "warnings" : "fields"][field.name] = field.whole;
      else rows.set(field.row, [...(rows.get(field.row) ?? []), field]);
      if (!field.row) batch.sent.set(field.id, { field, raw: field.value });
    });
    rows.forEach((changed, row) => {
      row.giveKey();
      const isThere = row.key && row.news !== "whole";
      const sent = {
        key: isThere ? row.key : null,
        client_key: isThere || !GROWING.includes(row.table) ? null : row.key || row.clientKey,
        delete: row.news === "delete",
        fields: Object.fromEntries(changed.map((field) => [field.name, field.whole])),
      };
      payload.rows[row.table] = [...(payload.rows[row.table] ?? []), sent];
      batch.rows.set(row.id, { row, news: row.news });
      changed.forEach((field) => batch.sent.set(field.id, { field, raw: field.value }));
    });
    batch.isEmpty = !batch.sent.size;
    return batch;
  };

  // Until the answer is there, any of it may be stored or not.
  const sending = (batch) => {
    batch.sent.forEach(({ field, raw }) => field.noteSent(raw));
    // As long as it is not changed again, nothing new can be learnt of it.
    batch.sent.forEach(({ field, raw }) => (field.asked = raw));
    batch.rows.forEach(({ row, news }) => {
      if (news === "delete") row.mayBeGone = true;
      else if (row.isNew) row.mayBeThere = true;
    });
  };

  // Take over what the server answered. Gives the fields that are in conflict now.
  const answered = (batch, answer, marks) => {
    const told = new Map();
    batch.rows.forEach(({ row }, id) => {
      row.mayBeThere = row.mayBeGone = false;
      marks.showRow(row, answer.invalid[id] ?? []);
      row.fields.forEach((field) => {
        const sentences = answer.invalid[field.id] ?? [];
        if (sentences.length || field.isInvalid) marks.showInvalid(field, sentences);
      });
    });
    batch.sent.forEach(({ field, raw }, id) => {
      field.sent = [];
      const sentences = answer.invalid[id] ?? [];
      if (sentences.length || field.isInvalid) marks.showInvalid(field, sentences);
      if (id in answer.conflicts) told.set(field, answer.conflicts[id]);
      if (id in answer.saved) field.settle(raw, answer.saved[id]);
    });
    Object.entries(answer.rows).forEach(([id, became]) => {
      const { row } = batch.rows.get(id);
      if (became === "added") row.added();
      else row.forget();
    });
    told.forEach((conflict, field) => {
      field.conflict = conflict;
      marks.showConflict(field, conflict.html);
    });
    return told;
  };

  // What the browser keeps: each changed field with what it started from, and the whole of each row it stands in.
  const contentOf = (fields) => {
    const changed = fields.changed;
    const rows = new Set(changed.map((field) => field.row).filter(Boolean));
    rows.forEach((row) => row.giveKey());
    return {
      fields: changed.map((field) => ({
        id: field.id,
        table: field.table,
        row: field.row?.id ?? "",
        name: field.name,
        label: field.label,
        step: field.controls[0].closest("[data-step]")?.dataset.step ?? "",
        stepLabel: field.controls[0].closest("[data-step]")?.dataset.stepLabel ?? "",
        ...field.whole,
      })),
      rows: Object.fromEntries(
        Array.from(rows, (row) => [
          row.id,
          {
            table: row.table,
            key: row.key,
            clientKey: row.clientKey,
            isRemoved: row.isRemoved,
            values: Object.fromEntries(Array.from(row.fields, ([name, field]) => [name, field.value])),
          },
        ]),
      ),
    };
  };

  Object.assign(window.writing, { collect, sending, answered, contentOf });
})();
