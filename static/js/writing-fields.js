// The form of a submission as fields and rows: what each is called, what it holds, and the value that it started from.
window.writing = window.writing ?? {};
(() => {
  "use strict";
  // Tables by the prefix of their controls; to those with a form set the body adds rows.
  const TABLES = { activities: "activities", budget: "budget", indicators: "indicators", own: "body_fields" };
  const GROWING = ["activities", "budget"];
  const MOST_SENT = 20;
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const plain = (text) => text.replace(/\r\n?/g, "\n").trim();
  const same = (one, other) => {
    if (one === null || other === null) return false;
    if (Array.isArray(one)) return one.every((part, place) => same(part, other[place]));
    return one === other || plain(one) === plain(other);
  };
  const newKey = () =>
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
      (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
    );
  const hold = (control, text) => {
    if (control.type === "checkbox") control.checked = text === "on";
    else control.value = text;
  };
  const held = (control) => (control.type === "checkbox" ? (control.checked ? "on" : "") : control.value);

  class Field {
    constructor(row, table, name, controls, bases) {
      Object.assign(this, { row, table, name, controls, bases, sent: [], asked: null, conflict: null, isInvalid: false });
      // What the server has, as it was sent last; nothing where it has no such row any more.
      this.settled = this.base;
    }
    get id() {
      if (this.row) return `${this.row.id}:${this.name}`;
      return this.table ? `${this.table}:${this.name}` : this.name;
    }
    get box() {
      return this.controls[0].closest(".form-group");
    }
    get label() {
      const label = this.box?.querySelector(".form-tit, label")?.cloneNode(true);
      all(".form-mark, .badge", label ?? document.createElement("i")).forEach((mark) => mark.remove());
      return [this.row?.label, label?.textContent.trim()].filter(Boolean).join(" · ");
    }
    read(inputs) {
      const parts = inputs.map((input) => (input.type === "hidden" ? input.value : held(input)));
      return parts.length > 1 ? parts : parts[0];
    }
    get value() {
      return this.read(this.controls);
    }
    get base() {
      const raw = this.read(this.bases);
      // A box that is ticked is 'on', its base as the server writes it 'True'.
      return this.controls[0].type === "checkbox" ? (/^(on|True)$/.test(raw) ? "on" : "") : raw;
    }
    set base(raw) {
      [raw].flat().forEach((text, place) => (this.bases[place].value = text));
    }
    // Put a value into the control, as if it had been typed.
    fill(raw) {
      [raw].flat().forEach((text, place) => hold(this.controls[place], text));
      this.controls.forEach((control) =>
        ["input", "change"].forEach((name) => control.dispatchEvent(new Event(name, { bubbles: true }))),
      );
    }
    get isDirty() {
      return !same(this.value, this.settled);
    }
    noteSent(raw) {
      if (!this.sent.some((each) => same(each, raw))) this.sent = [...this.sent, raw].slice(-MOST_SENT);
    }
    // The server has this value now. ``base``: as it would show it.
    settle(raw, base) {
      this.settled = raw;
      this.base = base;
      this.sent = [];
    }
    get whole() {
      return { value: this.value, base: this.base, sent: this.sent };
    }
  }

  class Row {
    constructor(form, table, prefix) {
      // What was sent and is not answered: the row may have been added, or removed, already.
      Object.assign(this, { table, prefix, fields: new Map(), mayBeThere: false, mayBeGone: false });
      const input = (name) => form.elements.namedItem(`${prefix}-${name}`);
      this.keyInput = input("key");
      this.clientInput = input("client_key");
      this.tick = input("DELETE");
      this.element = (this.tick ?? this.keyInput).closest("[data-formset-row], fieldset");
    }
    get key() {
      return this.keyInput.value;
    }
    get isNew() {
      return !this.key;
    }
    // The key under which a new row will be stored, once it has one.
    get clientKey() {
      return this.clientInput?.value ?? "";
    }
    giveKey() {
      if (this.clientInput && !this.key && !this.clientKey) this.clientInput.value = newKey();
    }
    get id() {
      return `${this.table}:${this.key || this.clientKey || this.prefix}`;
    }
    get isRemoved() {
      return Boolean(this.tick?.checked);
    }
    get label() {
      const legend = this.element.querySelector("legend")?.textContent.replace(/\s+/g, " ").trim();
      const number = this.element.querySelector("[data-formset-number]")?.textContent.trim();
      return legend?.endsWith(number) ? legend : [legend, number].filter(Boolean).join(" ");
    }
    get isInConflict() {
      return Array.from(this.fields.values()).some((field) => field.conflict);
    }
    // What the server has to hear of it: that it goes, all of it, what is changed in it, or nothing.
    get news() {
      if (this.isRemoved) return !this.isNew || this.mayBeThere ? "delete" : "";
      if (this.mayBeGone) return "whole";
      return Array.from(this.fields.values()).some((field) => field.isDirty) ? "change" : "";
    }
    added() {
      this.keyInput.value ||= this.clientKey;
      this.mayBeThere = this.mayBeGone = false;
    }
    // The server has it no more: if it stays on the page, all of it is new.
    forget() {
      this.keyInput.value = "";
      if (this.clientInput) this.clientInput.value = "";
      this.mayBeThere = this.mayBeGone = false;
      this.fields.forEach((field) => {
        field.settle(null, field.controls.length > 1 ? ["", ""] : "");
        field.conflict = null;
      });
    }
    remove() {
      this.tick.checked = true;
      this.tick.dispatchEvent(new Event("change", { bubbles: true }));
      this.element.hidden = true;
    }
  }

  // All fields of the form by what they are called; looked for again where a row was added.
  class Fields {
    constructor(form) {
      Object.assign(this, { form, list: [], byControl: new Map(), rows: new Map() });
      this.scan();
    }
    scan() {
      all("input[type=hidden][name^='initial-']", this.form).forEach((base) => {
        if (this.byControl.has(base)) return;
        const name = base.name.slice("initial-".length);
        const state = name.endsWith("_value") ? name.replace(/_value$/, "_state") : "";
        const other = state && this.form.elements.namedItem(`initial-${state}`);
        const names = other ? [name, state] : [name];
        const controls = names.map((each) => this.form.elements.namedItem(each));
        const bases = other ? [base, other] : [base];
        if (!controls.every(Boolean)) return;
        const field = this.make(other ? name.replace(/_value$/, "") : name, controls, bases);
        [...bases, ...controls].forEach((each) => this.byControl.set(each, field));
        this.list.push(field);
      });
    }
    make(name, controls, bases) {
      const ofRow = name.match(/^(activities|budget|indicators|own)-(\d+)-(.+)$/);
      if (ofRow) {
        const [, prefix, number, column] = ofRow;
        const at = `${prefix}-${number}`;
        if (!this.rows.has(at)) this.rows.set(at, new Row(this.form, TABLES[prefix], at));
        const row = this.rows.get(at);
        const field = new Field(row, row.table, column, controls, bases);
        row.fields.set(column, field);
        return field;
      }
      const key = name.startsWith("warnings-") && this.form.elements.namedItem(`${name}-key`)?.value;
      return key ? new Field(null, "warnings", key, controls, bases) : new Field(null, "", name, controls, bases);
    }
    of(control) {
      if (!this.byControl.has(control)) this.scan();
      return this.byControl.get(control);
    }
    byId(id) {
      return this.list.find((field) => field.id === id);
    }
    rowById(id) {
      return Array.from(this.rows.values()).find((row) => row.id === id);
    }
    // A new row at the end of a table, as its button adds it; nothing where there is no such table or no more room.
    addRow(table) {
      const set = this.form.querySelector(`[data-formset='${table}']`);
      const adder = set?.querySelector("[data-formset-add]");
      if (!adder || adder.hidden) return null;
      adder.click();
      this.scan();
      return Array.from(this.rows.values()).filter((row) => row.table === table).at(-1);
    }
    has(table) {
      return GROWING.includes(table) && Boolean(this.form.querySelector(`[data-formset='${table}']`));
    }
    // The fields of which the server has to hear.
    get changed() {
      const news = new Map(Array.from(this.rows.values(), (row) => [row, row.news]));
      return this.list.filter((field) => {
        const ofRow = field.row ? news.get(field.row) : "change";
        return ofRow === "change" ? field.isDirty : Boolean(ofRow);
      });
    }
  }

  Object.assign(window.writing, { Fields, same, GROWING });
})();
