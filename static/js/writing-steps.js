// The list of steps beside the form: what is missing is told anew when something was saved and the typing rests.
(() => {
  "use strict";
  const REST = 4000;
  const states = (root) => Array.from(root.querySelectorAll(".write-steps a .write-state"));
  let timer = 0;

  const refresh = async () => {
    timer = 0;
    try {
      const answer = await fetch(window.location.pathname, { headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      const fresh = states(new DOMParser().parseFromString(await answer.text(), "text/html"));
      const shown = states(document);
      // Only what is told is replaced: the links, and the focus on one of them, stay.
      if (fresh.length === shown.length) shown.forEach((state, place) => state.replaceWith(fresh[place]));
    } catch {
      // It stands there as it was; the page that is opened next has it.
    }
  };
  const wait = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(refresh, REST);
  };
  document.addEventListener("writing-saved", wait);
  document.addEventListener("input", () => timer && wait());
})();
