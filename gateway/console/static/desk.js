// The desk: a draft survives a closed browser, and without a network entries wait here and are sent later, each once.
"use strict";
(() => {
  const form = document.getElementById("desk-entry");
  const bar = document.getElementById("desk-bar");
  if (!form) return;
  const { person, channel } = form.dataset;
  const safe = window.isSecureContext && window.indexedDB && window.crypto && crypto.subtle;
  const draft = `${person}/${channel}`;
  const refusedFiles = `${draft}/files`;
  const token = form.querySelector("[name=csrf]").value;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const state = { offline: !navigator.onLine, session: true, waiting: 0, others: 0, refused: 0, sent: [], sending: false, kept: false };

  const anew = () => { form.entry.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join(""); };

  // What the bar says.
  function tell() {
    const say = (name, n) => bar.dataset[name].replace("{n}", n);
    const words = [
      state.kept && !state.offline && say("kept"),
      state.offline && say(safe ? "offline" : "insecure"),
      state.waiting && say("waiting", state.waiting),
      state.others && say("others", state.others),
      state.refused && say("refused", state.refused),
      state.sent.length && say("sent", state.sent.length),
    ].filter(Boolean);
    bar.replaceChildren(...words.flatMap((text) => [text, " "]));
    if (state.sent.length) bar.append(receipts(), button(bar.dataset.dismiss, dismiss));
    if (state.refused) {
      const mends = button(bar.dataset.mend, mend);
      mends.disabled = form.what.value !== ""; // one entry at a time
      bar.append(mends);
    }
    if (!state.session) {
      const link = document.createElement("a");
      link.href = form.dataset.logIn + "?lanjut=" + encodeURIComponent(location.pathname);
      link.textContent = bar.dataset.logIn;
      bar.append(link);
    }
    bar.hidden = !words.length && state.session;
    bar.dataset.waitingCount = state.waiting;
    bar.classList.toggle("bad", state.offline || !state.session || state.refused > 0);
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "plain";
    made.textContent = text;
    made.addEventListener("click", () => act());
    return made;
  }

  // Of what was sent later: each by the first words of its entry.
  function receipts() {
    const list = document.createElement("ul");
    for (const one of state.sent) {
      const link = document.createElement("a");
      link.href = one.receipt;
      link.textContent = one.words;
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    return list;
  }

  async function dismiss() {
    for (const one of state.sent) await DeskVault.drop("entries", one.name);
    await count();
  }

  // The draft: words only. Files are chosen again, but for those of a form that is refused.
  const fields = () => [...form.elements].filter((one) => one.name && !["csrf", "entry", "nik", "joins"].includes(one.name) && one.type !== "file");

  function read() {
    return Object.fromEntries(fields().map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]));
  }

  async function keepDraft() {
    if (!safe) return;
    const said = { entry: form.entry.value, fields: read() };
    await DeskVault.put("drafts", draft, encoder.encode(JSON.stringify(said)));
    form.dataset.draft = "kept";
  }

  async function restore() {
    if (!safe || form.querySelector(".error") || form.what.value) return;
    const found = await DeskVault.take("drafts", draft).catch(() => null);
    if (!found) return;
    const said = JSON.parse(decoder.decode(found.bytes));
    form.entry.value = said.entry;
    for (const one of fields()) {
      if (!(one.name in said.fields) || one.name === "office") continue;
      if (one.type === "checkbox") one.checked = said.fields[one.name];
      else one.value = said.fields[one.name];
    }
    form.dataset.restored = "yes";
    form.what.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function choose(files) {
    const chosen = new DataTransfer();
    files.filter((file) => file.size).forEach((file) => chosen.items.add(file));
    form.photo.files = chosen.files;
  }

  const unpacked = ({ type, bytes }) => new Response(bytes, { headers: { "Content-Type": type } }).formData();

  // A page cannot say which files were chosen: the one that tells what is wrong finds them here.
  async function keepFiles() {
    if (!form.photo.files.length) return;
    const files = new FormData();
    for (const file of form.photo.files) files.append("photo", file);
    const { type, bytes } = await packed(files);
    await DeskVault.put("drafts", refusedFiles, bytes, { type });
  }

  async function restoreFiles() {
    const found = safe && await DeskVault.take("drafts", refusedFiles).catch(() => null);
    if (!found) return;
    await DeskVault.drop("drafts", refusedFiles);
    if (form.querySelector(".error")) choose((await unpacked(found)).getAll("photo"));
  }

  const dropDraft = () => (safe ? DeskVault.drop("drafts", draft) : Promise.resolve());
  let typing;
  form.addEventListener("input", () => { clearTimeout(typing); form.dataset.draft = ""; typing = setTimeout(() => { tell(); keepDraft().catch(() => {}); }, 200); });
  addEventListener("pagehide", () => { if (form.dataset.draft === "") keepDraft().catch(() => {}); });

  // Entries: the form as a browser would post it, under the entry's own id.
  async function packed(data = new FormData(form)) {
    data.delete("csrf");
    const posted = new Response(data);
    return { type: posted.headers.get("Content-Type"), bytes: await posted.arrayBuffer() };
  }

  async function post(to, type, bytes) {
    return fetch(to, { method: "POST", body: bytes, redirect: "manual", headers: { "Content-Type": type, "X-CSRF": token, Accept: "application/json" } });
  }

  async function send(event) {
    if (!safe) return; // the browser posts by itself
    event.preventDefault();
    if (state.sending) return;
    state.sending = true;
    clearTimeout(typing);
    const entry = form.entry.value;
    const { type, bytes } = await packed();
    try {
      const answer = await post(form.action, type, bytes).catch(() => null);
      if (answer && answer.ok) {
        await dropDraft();
        location.assign((await answer.json()).to);
      } else if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 401 && answer.status !== 403 && answer.status !== 429) {
        await keepFiles().catch(() => {});
        form.submit(); // it is wrong: the page says how
      } else {
        await keep(entry, type, bytes, answer);
      }
    } finally {
      state.sending = false;
    }
  }

  async function keep(entry, type, bytes, answer) {
    await DeskVault.put("entries", entry, bytes, { type, person, to: form.action });
    await dropDraft();
    state.offline = !answer;
    state.session = !(answer && [401, 403].includes(answer.status));
    state.kept = true;
    const office = form.office && form.office.value;
    form.reset();
    if (office) form.office.value = office;
    anew();
    form.what.focus();
    await count();
  }

  // An entry that was not taken is put into the form again, with its files and under its own id.
  async function mend() {
    const one = (await DeskVault.facts("entries")).find((row) => row.person === person && row.refused);
    if (!one) return;
    const said = await unpacked(await DeskVault.take("entries", one.name));
    form.reset();
    for (const field of fields()) {
      if (field.type === "checkbox") field.checked = said.has(field.name);
      else if (said.has(field.name)) field.value = said.get(field.name);
    }
    choose(said.getAll("photo"));
    form.entry.value = one.name;
    await keepDraft();
    await DeskVault.drop("entries", one.name);
    await count();
    form.requestSubmit(); // the page says what is wrong
  }

  async function count() {
    const all = safe ? await DeskVault.facts("entries").catch(() => []) : [];
    const unsent = all.filter((one) => !one.receipt);
    const own = unsent.filter((one) => one.person === person);
    state.refused = own.filter((one) => one.refused).length;
    state.waiting = own.length - state.refused;
    state.others = unsent.length - own.length;
    state.sent = await Promise.all(all.filter((one) => one.receipt && one.person === person).map(async (one) => {
      const { bytes } = await DeskVault.take("entries", one.name);
      return { name: one.name, receipt: one.receipt, words: decoder.decode(bytes) };
    }));
    tell();
  }

  // What is left of an entry until its receipt was handed over.
  async function sent(one, bytes, receipt) {
    const said = await unpacked({ type: one.type, bytes });
    await DeskVault.put("entries", one.name, encoder.encode(said.get("what").slice(0, 60)), { person, receipt });
  }

  // Sends what waits: each counts by its own id, however often it is sent.
  async function flush() {
    if (!safe) return;
    await navigator.locks.request("kanal-desk", { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      for (const one of await DeskVault.facts("entries")) {
        if (one.person !== person || one.refused || one.receipt) continue;
        const { bytes } = await DeskVault.take("entries", one.name);
        const answer = await post(one.to, one.type, bytes).catch(() => null);
        state.offline = !answer;
        if (!answer || answer.status >= 500 || answer.status === 429) break;
        state.session = ![401, 403].includes(answer.status);
        if (!state.session) break;
        if (answer.ok) await sent(one, bytes, (await answer.json()).to);
        else await DeskVault.put("entries", one.name, bytes, { type: one.type, person, to: one.to, refused: true });
      }
    });
    await count();
    if (!state.waiting) { state.kept = false; tell(); }
  }

  // Places, as they are written.
  let asking;
  form.where.addEventListener("input", () => {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      const answer = await fetch(`${form.dataset.places}?q=${encodeURIComponent(form.where.value)}`).catch(() => null);
      if (!answer || !answer.ok || answer.redirected) return;
      const found = await answer.json();
      document.getElementById("places").replaceChildren(...found.map((name) => new Option("", name)));
    }, 200);
  });

  const hidePerson = () => {
    for (const name of ["name", "phone", "email", "nik"]) form[name].disabled = form.anonymous.checked;
  };
  form.anonymous.addEventListener("change", hidePerson);
  form.addEventListener("submit", send);
  form.addEventListener("reset", () => setTimeout(hidePerson));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  addEventListener("online", () => { state.offline = false; flush(); });
  addEventListener("offline", () => { state.offline = true; tell(); });
  setInterval(() => { if (state.waiting) flush(); }, 15000);

  (async () => {
    if (!form.querySelector(".error")) anew();
    await restore();
    await restoreFiles();
    hidePerson();
    if (!form.querySelector(".error")) form.what.focus();
    form.dataset.ready = "yes";
    await flush();
    if (safe && navigator.serviceWorker) {
      await navigator.serviceWorker.register(form.dataset.worker, { scope: "/meja" });
      const ready = await navigator.serviceWorker.ready;
      const files = [...document.querySelectorAll("script[src], link[rel=stylesheet]")].map((one) => one.src || one.href);
      ready.active.postMessage({ page: location.pathname, files });
    }
  })().catch(() => {});
})();
