// Keeps what is entered in this browser: sealed by a key that no script can take out of it, in IndexedDB.
"use strict";
const DeskVault = (() => {
  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("kanal-desk", 1);
    asked.onupgradeneeded = () => ["keys", "drafts", "entries"].forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  async function run(store, mode, work) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const done = database.transaction(store, mode, { durability: "strict" });
      const asked = work(done.objectStore(store));
      done.oncomplete = () => resolve(asked.result);
      done.onabort = done.onerror = () => reject(done.error);
    });
  }

  const key = (async () => {
    const known = await run("keys", "readonly", (keys) => keys.get("own"));
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    return run("keys", "readwrite", (keys) => keys.add(made, "own")).then(() => made,
      () => run("keys", "readonly", (keys) => keys.get("own"))); // another tab was first
  })();
  key.catch(() => {});

  async function seal(bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key, bytes) };
  }

  const open = async ({ iv, sealed }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key, sealed);

  return {
    put: async (store, name, bytes, facts = {}) => {
      const one = { ...facts, ...(await seal(bytes)) };
      return run(store, "readwrite", (rows) => rows.put(one, name));
    },
    take: async (store, name) => {
      const one = await run(store, "readonly", (rows) => rows.get(name));
      return one && { ...one, bytes: await open(one) };
    },
    drop: (store, name) => run(store, "readwrite", (rows) => rows.delete(name)),
    names: (store) => run(store, "readonly", (rows) => rows.getAllKeys()),
    facts: async (store) => {
      const names = await run(store, "readonly", (rows) => rows.getAllKeys());
      const rows = await run(store, "readonly", (all) => all.getAll());
      return names.map((name, n) => ({ name, ...rows[n] }));
    },
  };
})();
