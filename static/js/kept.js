// The copy in the browser of what is typed and not yet saved. It outlives the tab, the browser and the session; it is kept
// encrypted with a key that the server gives to its person alone, and goes when that person signs out, or after 30 days.
(() => {
  "use strict";
  const root = document.querySelector("[data-session]");
  if (!root || !root.dataset.keptKey) return;
  const owner = root.dataset.keptOwner;
  const DAYS = 30;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("kept") : null;
  // Without a secure connection browsers have no encryption, and nothing is kept.
  const isPossible = Boolean(window.crypto?.subtle && window.indexedDB);

  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  let opening = null;
  const open = () => {
    opening ??= (async () => {
      const request = indexedDB.open("kept", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("copies", { keyPath: "token" });
      const base = await settled(request);
      base.onversionchange = base.onclose = () => {
        base.close();
        opening = null;
      };
      return base;
    })();
    return opening;
  };
  // Committed at once, so that it is done even where the page is gone before it hears so.
  const store = async (mode, act) => {
    const work = (await open()).transaction("copies", mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      work.oncomplete = resolve;
      work.onabort = work.onerror = () => reject(work.error);
    });
    const asked = act(work.objectStore("copies"));
    if (mode === "readwrite") work.commit?.();
    const [found] = await Promise.all([settled(asked), done]);
    return found;
  };

  let imported = null;
  const key = () => {
    const bytes = Uint8Array.from(atob(root.dataset.keptKey), (letter) => letter.charCodeAt(0));
    imported ??= crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    return imported;
  };
  const encrypt = async (content) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = new TextEncoder().encode(JSON.stringify(content));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), bytes) };
  };
  const decrypt = async ({ token, at, iv, data }) => {
    try {
      const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), data);
      return { ...JSON.parse(new TextDecoder().decode(bytes)), token, at };
    } catch {
      return null; // of another key: nobody can read it any more
    }
  };

  // Keep what a page holds, under the page's own name; true where it is kept.
  const keep = async (token, content) => {
    if (!isPossible) return false;
    try {
      const copy = { token, owner, at: Date.now(), ...(await encrypt(content)) };
      await store("readwrite", (copies) => copies.put(copy));
      return true;
    } catch {
      return false; // no room, or switched off
    }
  };
  const drop = async (token) => {
    if (!isPossible) return;
    try {
      await store("readwrite", (copies) => copies.delete(token));
    } catch {
      // There is none, then.
    }
  };
  // This person's copies, oldest first. What is older than it may be goes, whoever it is of.
  const list = async () => {
    if (!isPossible) return [];
    try {
      const found = await store("readonly", (copies) => copies.getAll());
      const oldest = Date.now() - DAYS * 24 * 3600 * 1000;
      await Promise.all(found.filter(({ at }) => at < oldest).map(({ token }) => drop(token)));
      const mine = await Promise.all(found.filter((copy) => copy.owner === owner && copy.at >= oldest).map(decrypt));
      return mine.filter(Boolean).sort((one, other) => one.at - other.at);
    } catch {
      return [];
    }
  };

  // Whose page is still open: it holds a lock of its name, which the browser takes away with the page.
  const live = (token) => {
    navigator.locks?.request(`kept:${token}`, () => new Promise(() => {}));
  };
  const openPages = async () => {
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    return new Set(held.map(({ name }) => name.replace(/^kept:/, "")));
  };

  // Signing out: first what can be saved is saved, then it is asked once where anything is left, then all of it goes.
  const signOut = async (form) => {
    await window.writing?.settle?.();
    const left = await list();
    if (left.length && !window.confirm(root.dataset.keptAsk)) return;
    await Promise.all(left.map(({ token }) => drop(token)));
    channel?.postMessage({ owner, gone: true });
    window.writing?.leave?.();
    form.dataset.keptDone = "1";
    form.requestSubmit();
  };
  document.querySelectorAll("form[action$='/accounts/logout/']").forEach((form) =>
    form.addEventListener("submit", (event) => {
      if (form.dataset.keptDone || !isPossible) return;
      event.preventDefault();
      signOut(form);
    }),
  );
  channel?.addEventListener("message", ({ data }) => {
    if (data.owner === owner && data.gone) document.dispatchEvent(new CustomEvent("kept-gone"));
  });

  // The server names in the address which page it has saved.
  const saved = new URLSearchParams(window.location.search).get("saved");
  const ready = saved ? drop(saved) : Promise.resolve();

  const times = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "short",
    hourCycle: "h23",
    timeZone: root.dataset.zone,
  });

  window.kept = { keep, drop, list, live, openPages, ready, time: (at) => times.format(at) };
})();
