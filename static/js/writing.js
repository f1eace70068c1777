// The form of a submission saves by itself: two seconds after the last key, changed fields only. What cannot be saved yet
// stays in the form and is kept in the browser (kept.js). Without this file the form is posted by its buttons, as before.
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  const { Fields, State, collect, sending, answered, contentOf } = window.writing;
  if (!form) return;
  const PAUSE = 2000;
  const PATIENCE = 20000;
  const LONGEST = 60000;
  // A request that outlives its page may not be longer.
  const KEEPALIVE = 60000;
  const fields = new Fields(form);
  const state = new State(document.querySelector("[data-save-state]"));
  const token = form.elements.token.value;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("writing") : null;
  let timer = 0;
  let flying = null;
  let more = false;
  let trouble = ""; // why nothing can be saved: offline, fault, signed-out, other, refused
  let refusal = "";
  let savedAt = "";
  let pause = PAUSE;
  let passing = false;
  let leaving = false;
  let isTried = false;
  let isKept = true;
  let mayKeep = true;

  // What the browser keeps, written as fast as it goes and never twice at a time.
  const write = async () => {
    const content = contentOf(fields);
    const about = { submission: form.dataset.submission, title: form.dataset.title, write: form.dataset.write };
    if (!content.fields.length || !mayKeep) await window.kept?.drop(token);
    if (!content.fields.length) return true;
    return mayKeep && Boolean(await window.kept?.keep(token, { ...about, ...content }));
  };
  let keeping = null;
  let again = false;
  const keep = () => {
    again = true;
    keeping ??= (async () => {
      while (again) {
        again = false;
        isKept = await write();
      }
      keeping = null;
      show();
    })();
    return keeping;
  };

  const isWaiting = (field) => !field.conflict && !field.isInvalid;
  const show = () => {
    const invalid = fields.list.filter((field) => field.isInvalid && !field.row?.isRemoved);
    const rows = Array.from(fields.rows.values()).filter((row) => row.isInvalid);
    const conflicts = fields.list.filter((field) => field.conflict);
    const changed = fields.changed.filter(isWaiting);
    const more = { isKept };
    if (trouble) state.show(trouble, { ...more, text: refusal });
    else if (conflicts.length) state.show("conflict", { ...more, text: conflicts.length, first: conflicts[0] });
    else if (flying || changed.length) state.show("waiting", more);
    else if (invalid.length || rows.length) {
      const first = invalid[0] ?? rows[0].fields.values().next().value;
      state.show("invalid", { ...more, text: invalid.length + rows.length, first });
    } else if (savedAt) state.show("saved", { text: savedAt });
    else state.show("idle");
  };

  const schedule = (wait) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, wait);
  };
  const mark = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
  const post = (payload) => {
    const body = JSON.stringify(payload);
    return fetch(form.dataset.autosave, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": mark() },
      body,
      keepalive: new Blob([body]).size < KEEPALIVE,
      signal: AbortSignal.timeout?.(PATIENCE),
    });
  };

  // One request at a time; what is typed meanwhile goes with the next.
  const save = () => {
    window.clearTimeout(timer);
    if (flying) more = true;
    flying ??= send().finally(() => {
      flying = null;
      if (more) schedule(trouble ? pause : 0);
      more = false;
      show();
    });
    return flying;
  };
  const send = async () => {
    const batch = collect(fields, form.dataset.person);
    if (batch.isEmpty) return;
    sending(batch);
    keep();
    show();
    let answer;
    try {
      answer = await post(batch.payload);
    } catch {
      missed("offline");
      return;
    }
    if (answer.ok) await take(batch, answer);
    else await refused(batch, answer);
    keep();
  };
  const take = async (batch, answer) => {
    const said = await answer.json();
    trouble = refusal = "";
    pause = PAUSE;
    savedAt = said.at;
    form.elements.autosaved.value = "1";
    answered(batch, said, window.writing);
    document.dispatchEvent(new CustomEvent("writing-saved"));
    channel?.postMessage({ submission: form.dataset.submission, saved: said.saved });
    if (fields.changed.some(isWaiting)) schedule(PAUSE);
  };
  // No answer, or none that says whether it was saved: it is sent again, ever more slowly.
  const missed = (why) => {
    trouble = why;
    pause = Math.min(pause * 2, LONGEST);
    schedule(pause);
  };
  const refused = async (batch, answer) => {
    const said = await answer.json().catch(() => ({}));
    if (answer.status >= 500) return missed("fault");
    batch.sent.forEach(({ field }) => (field.sent = []));
    batch.rows.forEach(({ row }) => (row.mayBeThere = row.mayBeGone = false));
    trouble = { 401: "signed-out" }[answer.status] ?? (said.why === "other" ? "other" : "refused");
    refusal = said.refusal ?? state.line.dataset.forbidden;
    if (trouble === "signed-out") document.dispatchEvent(new CustomEvent("signed-out"));
    return undefined;
  };

  // Typing
  const changed = (event) => {
    const field = fields.of(event.target);
    if (!field && !event.target.name?.endsWith("-DELETE")) return;
    // The server judges it anew.
    if (field?.isInvalid && !field.isDirty) window.writing.showInvalid(field, []);
    keep();
    show();
    if (trouble !== "other" && trouble !== "signed-out") schedule(PAUSE);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("focusout", () => fields.changed.length && !trouble && schedule(PAUSE / 10));

  // The choice between two values
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-conflict-keep], [data-conflict-take]");
    const box = button?.closest(".form-group");
    const field = box && fields.list.find((each) => each.box === box);
    if (!field?.conflict) return;
    window.writing.choose(field, "conflictKeep" in button.dataset);
    field.controls[0].focus();
    keep();
    schedule(0);
  });

  // Leaving, coming back, losing the line, signing in again
  const leave = () => {
    if (passing || trouble === "other") return;
    const isAsked = (field) => (flying || field.isInvalid) && window.writing.same(field.asked, field.value);
    const batch = collect(fields, form.dataset.person, (field) => !isAsked(field));
    if (batch.isEmpty) return;
    sending(batch);
    keep();
    post(batch.payload).then((answer) => answer.ok && take(batch, answer)).catch(() => {});
  };
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save();
    else if (["offline", "fault"].includes(trouble)) schedule(0);
  });
  window.addEventListener("online", () => {
    if (trouble === "offline") trouble = "";
    schedule(0);
    show();
  });
  window.addEventListener("offline", () => {
    trouble ||= "offline";
    show();
  });
  document.addEventListener("session", ({ detail }) => {
    if (detail.state === "ended") trouble = "signed-out";
    if (detail.state === "other") trouble = "other";
    if (["holds", "warning"].includes(detail.state) && ["signed-out", "other"].includes(trouble)) {
      trouble = "";
      mayKeep = true;
      schedule(0);
    }
    show();
  });
  // Signed out by choice in another window: what it kept is gone, and nothing is kept any more.
  document.addEventListener("kept-gone", () => {
    mayKeep = false;
    keep();
  });
  window.addEventListener("beforeunload", (event) => {
    leaving = true;
    leave();
    // A copy that is being written may not be finished; where the server has it too, that is nothing to worry about.
    const isLoose = !isKept || (keeping && trouble);
    if (passing || !isLoose || !fields.changed.length) return;
    event.preventDefault();
  });
  // Another window of the same person has saved a field that was not touched here.
  channel?.addEventListener("message", ({ data }) => {
    if (data.submission !== form.dataset.submission) return;
    Object.entries(data.saved).forEach(([id, raw]) => {
      const field = fields.byId(id);
      if (!field || field.isDirty || field.conflict) return;
      field.settle(raw, raw);
      field.fill(raw);
    });
  });

  // The buttons: first what can be saved is saved, then the form is posted as ever. Without a line it is not posted, for
  // the browser's own page would take its place.
  const settle = async () => {
    await flying;
    await save();
    await keep();
  };
  form.addEventListener("submit", async (event) => {
    if (passing || event.defaultPrevented) return;
    if (!flying && !fields.changed.length && !trouble) return;
    event.preventDefault();
    const { submitter } = event;
    leaving = false;
    await settle();
    if (leaving) return; // a link was followed meanwhile
    // Whoever insists may try it in the browser's own way, where there seems to be a line.
    const mayPass = !trouble || trouble === "refused" || (isTried && navigator.onLine && /offline|fault/.test(trouble));
    isTried = Boolean(trouble);
    if (!mayPass) {
      state.line.scrollIntoView({ block: "nearest" });
      return;
    }
    passing = true;
    if (submitter) submitter.click();
    else form.requestSubmit();
    passing = Boolean(form.dataset.sent);
  });
  window.addEventListener("pageshow", ({ persisted }) => persisted && (passing = false));

  // The form stands as the server gave it, not as the browser remembers it: what was not saved is offered anew.
  form.autocomplete = "off";
  Object.assign(window.writing, { form, fields, settle, keep, show, schedule, leave: () => (passing = true) });
  window.kept?.live(token);
  document.querySelectorAll("[data-autosave-words]").forEach((part) => (part.textContent = part.dataset.autosaveWords));
  window.writing.meet(fields);
  show();
  if (fields.changed.length) keep();
  if (fields.changed.some(isWaiting)) schedule(PAUSE);
})();
