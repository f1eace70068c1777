// Parts of a page that change in place, by htmx. Without it, every link and form here leads to a whole page.
(() => {
  "use strict";
  const announcer = document.getElementById("announcer");
  const content = document.getElementById("content");
  const notices = content.insertBefore(document.createElement("div"), content.firstElementChild);
  const show = (notice) => {
    notices.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  };
  const say = (name) => show(document.querySelector(`template[data-notice='${name}']`).content.firstElementChild.cloneNode(true));

  // What somebody without a script has to do by hand.
  document.querySelectorAll("[data-no-script]").forEach((hint) => (hint.hidden = true));

  // A refusal comes as a notice with its sentence; what the server could not say itself is said here.
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    if (xhr.status === 401) return; // session.js
    const answer = document.createElement("template");
    answer.innerHTML = xhr.response;
    const notice = answer.content.firstElementChild;
    if (notice?.matches(".notice")) show(notice);
    else say("fault");
  });
  ["htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, () => say("offline")));

  // Where the focus was, so that it is not lost with the part that is replaced.
  let before = null;
  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    const active = document.activeElement;
    before = null;
    if (target.matches("[data-live]") && target.contains(active)) {
      const text = active.textContent.trim();
      before = { tag: active.localName, text, pages: Boolean(active.closest(".krds-pagination")) };
    }
  });
  const focusAgain = (part) => {
    if (!before || part.contains(document.activeElement)) return;
    const again = Array.from(part.querySelectorAll(before.tag)).find((one) => one.textContent.trim() === before.text);
    // Another page of a list is read from its beginning.
    (before.pages ? part : again ?? part).focus({ preventScroll: !before.pages });
    before = null;
  };

  document.addEventListener("htmx:afterSettle", ({ target, detail: { xhr } }) => {
    if (xhr?.status < 400) notices.replaceChildren();
    const said = target.querySelector("[data-announce]");
    if (said) announcer.textContent = said.textContent.trim();
    if (target.matches("[data-live]")) focusAgain(target);
  });

  // The other language stays on what is shown.
  document.addEventListener("htmx:pushedIntoHistory", () => {
    document.querySelectorAll("a[hreflang]").forEach((link) => (link.search = window.location.search));
  });
})();
