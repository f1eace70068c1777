// A link that is marked opens its page in a dialog. Without this file, and wherever something fails, it is a plain link.
(() => {
  "use strict";
  const shell = document.querySelector("template[data-modal-shell]");
  if (!shell || !("HTMLDialogElement" in window)) return;
  // A redirect is answered in a header, a refusal as a notice, a lost session with 401 (nap_monitor/lib/middleware.py).
  const headers = { "HX-Request": "true", "HX-Current-URL": window.location.href };
  let dialog = null;
  let opener = null;
  let address = "";
  let busy = false;

  const part = (name) => dialog.querySelector(`[data-modal-${name}]`);
  const failed = (shown) => (part("failed").hidden = !shown);

  // The page's heading, its introduction and its content; false where there is none.
  const fill = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const content = page.querySelector(".page-content");
    const notice = page.body.firstElementChild;
    if (!content && !notice?.matches(".notice")) return false;
    if (!content) {
      part("content").prepend(notice);
      return true;
    }
    part("title").textContent = page.querySelector("h1").textContent.trim();
    part("content").replaceChildren(...page.querySelectorAll(".page-header-text > :not(h1)"), ...content.childNodes);
    part("content").querySelectorAll("form").forEach((form) => {
      if (!form.getAttribute("action")) form.action = address;
    });
    // The other scripts start what they know in it.
    part("content").dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    (part("content").querySelector("[data-error-summary]") ?? part("title")).focus();
    return true;
  };
  const goTo = (target) => {
    const there = new URL(target, window.location.href);
    const isHere = there.pathname + there.search === window.location.pathname + window.location.search;
    if (!isHere) return window.location.assign(there);
    window.history.replaceState(null, "", there);
    return window.location.reload();
  };
  // What the server answered, shown; false where it can't be shown here.
  const take = async (answer) => {
    const target = answer.headers.get("HX-Redirect");
    if (target) goTo(target);
    else if (answer.status === 401) document.dispatchEvent(new CustomEvent("signed-out"));
    else return fill(await answer.text());
    return true;
  };

  const send = async (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    failed(false);
    try {
      const body = new FormData(form, event.submitter);
      if (!(await take(await fetch(form.action, { method: "POST", headers, body })))) failed(true);
    } catch {
      failed(true);
    }
    busy = false;
  };
  const build = () => {
    dialog = shell.content.firstElementChild.cloneNode(true);
    document.body.append(dialog);
    part("close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
      if (!event.target.closest("[data-modal-cancel]")) return;
      event.preventDefault();
      dialog.close();
    });
    dialog.addEventListener("submit", send);
    dialog.addEventListener("close", () => opener?.focus());
  };

  const open = async (link) => {
    if (!dialog) build();
    opener = link;
    if (address === link.href) {
      // What was typed before it was closed is still there.
      dialog.showModal();
      return;
    }
    try {
      const answer = await fetch(link.href, { headers });
      address = link.href;
      dialog.showModal();
      if (answer.ok && (await take(answer))) return;
      if (answer.status === 401) {
        await take(answer);
        dialog.close();
        address = "";
        return;
      }
    } catch {
      // The browser says itself what is wrong.
    }
    window.location.assign(link.href);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-modal]");
    const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented || dialog?.contains(link)) return;
    event.preventDefault();
    open(link);
  });
})();
