// How long the person stays signed in: told in the menu, warned of before the end, extended in place, known in every window.
(() => {
  "use strict";
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  const root = document.querySelector("[data-session]");
  if (!root) {
    // A page without anybody: what other windows believe may be over.
    channel?.postMessage({ person: "", end: 0 });
    return;
  }

  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const dialogs = new Map(all("[data-session-dialog]").map((dialog) => [dialog.dataset.sessionDialog, dialog]));
  const gone = root.querySelector("[data-session-gone]");
  const failed = root.querySelector("[data-session-failed]");
  const warning = Number(root.dataset.warning) * 1000;
  let end = Date.now() + Number(root.dataset.left) * 1000;
  let state = "holds";
  let asking = false;

  const fill = (element, text) => {
    element.textContent = element.dataset.sentence ? element.dataset.sentence.replace("__", text) : text;
  };
  const unit = (value, name) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  const words = (seconds) => {
    if (seconds >= 3600) return `${unit(Math.floor(seconds / 3600), "hour")} ${unit(Math.floor((seconds % 3600) / 60), "minute")}`;
    if (seconds >= 60) return unit(Math.floor(seconds / 60), "minute");
    return unit(seconds, "second");
  };
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  const become = (wanted) => {
    if (state === wanted) return;
    state = wanted;
    dialogs.forEach((dialog, name) => {
      if (name === wanted) dialog.showModal();
      else if (dialog.open) dialog.close();
    });
    if (wanted === "ended") document.getElementById("content").prepend(gone);
    gone.hidden = wanted !== "ended";
    document.dispatchEvent(new CustomEvent("session", { detail: { state } }));
  };

  // After signing in again the forms of this page carry a mark that no longer holds; the cookie has the new one.
  const renewMarks = () => {
    const mark = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1];
    if (mark) all("input[name=csrfmiddlewaretoken]").forEach((input) => (input.value = mark));
  };

  // What the server says is so: in whole seconds, so that a page never believes in more than there is.
  const hear = ({ left, until, person }) => {
    if (person && person !== root.dataset.person) return become("other");
    if (!left) return become("ended");
    if (state === "ended" || state === "other") renewMarks();
    end = Date.now() + left * 1000;
    failed.hidden = true;
    all("[data-session-until]").forEach((element) => fill(element, until));
    return become(left * 1000 > warning ? "holds" : "warning");
  };
  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(root.dataset.status, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.ok) hear(await answer.json());
    } catch {
      // Without a connection the page's own reckoning holds.
      if (Date.now() >= end) become("ended");
      else if (end - Date.now() <= warning && state === "holds") become("warning");
    }
    asking = false;
  };

  const tick = () => {
    const seconds = Math.max(Math.ceil((end - Date.now()) / 1000), 0);
    all("[data-session-left]").forEach((element) => {
      fill(element, words(seconds));
      element.hidden = state === "ended" || state === "other";
    });
    root.querySelector("[data-session-countdown]").textContent = clock(seconds);
    if ((state === "holds" && seconds * 1000 <= warning) || (state === "warning" && seconds === 0)) ask();
  };

  // Windows tell each other what they know, and ask the server only where it differs.
  const tell = () => channel?.postMessage({ person: root.dataset.person, end });
  channel?.addEventListener("message", ({ data }) => {
    const same = data.person === root.dataset.person && Math.abs(data.end - end) < 3000;
    if (!same || state !== "holds") ask();
  });

  const extend = async (form) => {
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new FormData(form),
      });
      if (answer.ok) {
        const said = await answer.json();
        hear(said);
        document.getElementById("announcer").textContent = root.dataset.extended.replace("__", said.until);
        tell();
      } else if (answer.status === 401) become("ended");
      else failed.hidden = false;
    } catch {
      failed.hidden = false;
    }
    tick();
  };
  all("form[data-session-extend]").forEach((form) =>
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      extend(form);
    }),
  );
  // Escape takes the way on which nothing is lost.
  const asked = dialogs.get("warning");
  asked.addEventListener("cancel", (event) => {
    event.preventDefault();
    extend(asked.querySelector("form[data-session-extend]"));
  });
  asked.addEventListener("close", () => state === "warning" && asked.showModal());
  all("[data-session-close]").forEach((button) =>
    button.addEventListener("click", () => button.closest("dialog").close()),
  );

  document.addEventListener("signed-out", () => become("ended"));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && state !== "holds") ask();
  });
  // A page that comes back from the browser's store has an old time on it.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward") ask();
  });
  window.setInterval(tick, 1000);
  tick();
  tell();
})();
