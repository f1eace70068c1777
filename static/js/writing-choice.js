// Two people (or two windows) on one field: which of the two values is to stay.
window.writing = window.writing ?? {};
(() => {
  "use strict";
  const { offerChoice, showConflict } = window.writing;

  const settled = (field) => {
    field.conflict = null;
    showConflict(field, "");
  };
  // The row was removed by somebody else: it comes back whole as a new one, or goes here too.
  const chooseRow = (row, keepsMine) => {
    Array.from(row.fields.values()).filter((field) => field.conflict).forEach(settled);
    row.forget();
    if (!keepsMine) row.remove();
  };

  const choose = (field, keepsMine) => {
    const { stored } = field.conflict;
    if (stored === null) return chooseRow(field.row, keepsMine);
    settled(field);
    field.sent = [];
    if (keepsMine) {
      field.base = stored;
      field.settled = stored;
      return undefined;
    }
    field.settle(stored, stored);
    field.fill(stored);
    // Somebody changed a row that was to go: whoever takes the change keeps the row.
    if (field.row?.isRemoved) {
      field.row.tick.checked = false;
      field.row.tick.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return undefined;
  };

  // What the server has rendered with the page: errors, and conflicts, whose fields start from the stored value already.
  const meet = (fields) => {
    fields.list.forEach((field) => {
      field.isInvalid = Boolean(field.box?.querySelector(".form-errors"));
      if (field.isInvalid) field.asked = field.value;
      const box = field.box?.querySelector("[data-conflict]");
      if (!box) return;
      const isGone = field.row?.isNew && field.row.tick;
      field.conflict = { stored: isGone ? null : field.base };
      offerChoice(box);
    });
  };

  Object.assign(window.writing, { choose, meet });
})();
