// The public form on one screen at a time: what is entered stays in this browser until it is sent, photos are made
// small, and what could not be sent is sent again. Sent twice with the same entry, it counts once.
"use strict";
(() => {
  const STEPS = 3;
  const KEPT_FOR = 24 * 3600 * 1000;
  const LARGEST = 1500000; // bytes of a photo that is sent as it is
  const LONGEST_SIDE = 1920; // pixels
  const PROOF_WAITS = 20000;
  const AGAIN_AFTER = 15000;
  const UNKEPT = new Set(["go", "csrf", "altcha", "joins", "photo"]);

  // One record in the browser for each form.
  const store = {
    async run(mode, work) {
      const database = await new Promise((done, failed) => {
        const opening = indexedDB.open("kanal-lapor", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("isian");
        opening.onsuccess = () => done(opening.result);
        opening.onerror = failed;
      });
      const request = work(database.transaction("isian", mode).objectStore("isian"));
      return new Promise((done, failed) => {
        request.onsuccess = () => { database.close(); done(request.result); };
        request.onerror = failed;
      });
    },
    get: (name) => store.run("readonly", (all) => all.get(name)).catch(() => null),
    put: (name, value) => store.run("readwrite", (all) => all.put(value, name)).catch(() => null),
    drop: (name) => store.run("readwrite", (all) => all.delete(name)).catch(() => null),
  };

  class Report {
    constructor(form, photos = []) {
      this.form = form;
      this.texts = form.dataset;
      this.name = form.dataset.report;
      this.told = form.querySelector("[data-report-told]");
      this.next = form.querySelector(".actions button");
      this.arrange();
      this.setPhotos(photos);
      this.show(this.firstShown(), false);
      form.addEventListener("submit", (event) => this.submitted(event));
      form.addEventListener("input", () => this.changed());
      form.addEventListener("change", (event) => (event.target === this.files ? this.choosePhotos() : this.chosen()));
    }

    // Photos come first, and what was a page of its own is a part of this one.
    arrange() {
      this.files = this.form.querySelector("[name=photo]");
      const photos = this.form.querySelector("[data-report-photos]");
      if (photos) this.step(1).append(photos);
      this.step(4).remove();
      this.form.querySelectorAll(".actions button:not(:first-child)").forEach((button) => button.remove());
      this.back = document.createElement("button");
      this.back.type = "button";
      this.back.className = "plain";
      this.back.textContent = this.texts.back;
      this.back.addEventListener("click", () => this.show(this.at - 1));
      this.next.after(this.back);
    }

    step(number) { return this.form.querySelector(`[data-report-step="${number}"]`); }

    field(name) { return this.form.elements.namedItem(name); }

    firstShown() {
      const shown = [1, 2, 3].find((number) => !this.step(number).hidden);
      return shown || STEPS;
    }

    show(number, move = true) {
      this.at = number;
      for (let step = 1; step <= STEPS; step += 1) this.step(step).hidden = step !== number;
      this.back.hidden = number === 1;
      this.next.textContent = number === STEPS ? this.texts.send : this.texts.next;
      this.form.querySelector("[data-report-count]").textContent = this.texts.step.replace("{n}", number).replace("{of}", STEPS);
      this.form.querySelector("[data-report-near]").hidden = number === 1;
      if (number > 1) this.near();
      if (number === STEPS) this.prove();
      if (!move) return;
      this.step(number).querySelector("h2").focus();
      window.scrollTo(0, 0);
    }

    submitted(event) {
      event.preventDefault();
      if (!this.isWhole()) return;
      if (this.at < STEPS) this.show(this.at + 1);
      else this.send();
    }

    isWhole() {
      const photos = this.files ? this.files.files.length : 0;
      if (this.at === 1 && !this.field("what").value.trim() && !photos) return this.complain("what", this.texts.wrongWhat);
      if (this.at === 2 && !this.field("where").value.trim() && !this.field("lat").value) return this.complain("where", this.texts.wrongWhere);
      return true;
    }

    complain(name, words) {
      const field = this.field(name);
      const box = field.closest(".field");
      const error = box.querySelector(".error") || document.createElement("p");
      error.className = "error";
      error.id = `${name}-error`;
      error.textContent = words;
      field.before(error);
      box.classList.add("wrong");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${name}-hint ${name}-error`);
      field.focus();
      return false;
    }

    tell(words, ...more) {
      this.told.hidden = !words;
      this.told.replaceChildren(...(words ? [words, ...more] : []));
    }

    changed() {
      clearTimeout(this.saving);
      this.saving = setTimeout(() => this.save(), 300);
    }

    chosen() {
      this.changed();
      if (this.at > 1) this.near();
    }

    save() {
      const fields = [...new FormData(this.form)].filter(([name, value]) => !UNKEPT.has(name) && typeof value === "string");
      const photos = this.files ? [...this.files.files] : [];
      return store.put(this.name, { at: Date.now(), fields, photos });
    }

    async restore() {
      const kept = await store.get(this.name);
      if (!kept) return;
      const isEmpty = !kept.photos.length && !kept.fields.some(([name, value]) => value && name !== "entry");
      if (isEmpty || Date.now() - kept.at > KEPT_FOR) {
        await store.drop(this.name);
        return;
      }
      kept.fields.forEach(([name, value]) => this.fill(name, value));
      this.setPhotos(kept.photos);
      const anew = document.createElement("button");
      anew.type = "button";
      anew.className = "plain";
      anew.textContent = this.texts.anew;
      anew.addEventListener("click", () => this.startAnew());
      this.tell(`${this.texts.restored} `, anew);
    }

    fill(name, value) {
      const field = this.field(name);
      if (!field) return;
      if (field.type === "checkbox") field.checked = true;
      else field.value = value;
      const map = this.form.querySelector("[data-map]");
      if (name === "lon" && value && map && map.chooser) map.chooser.show({ lat: Number(this.field("lat").value), lon: Number(value) });
    }

    async startAnew() {
      clearTimeout(this.saving);
      await store.drop(this.name);
      window.location.assign(this.form.action);
    }

    async choosePhotos() {
      this.setPhotos(await Promise.all([...this.files.files].map(smaller)));
      this.changed();
    }

    setPhotos(photos) {
      if (!this.files) return;
      const files = new DataTransfer();
      photos.forEach((photo) => files.items.add(photo));
      this.files.files = files.files;
      this.form.querySelector("[data-report-pictures]").replaceChildren(...photos.map(picture));
    }

    joins() {
      const field = this.field("joins");
      return field ? field.value : "";
    }

    // Open reports that may be the same; what was chosen of those shown before stays chosen.
    async near() {
      const given = new URLSearchParams();
      ["what", "where", "lat", "lon", "accuracy"].forEach((name) => given.set(name, this.field(name).value));
      if (given.toString() === this.asked) return;
      const asked = given.toString();
      this.asked = asked;
      given.set("joins", this.joins());
      const answer = await fetch(this.texts.near, { method: "POST", body: given }).catch(() => null);
      if (!answer || !answer.ok || this.asked !== asked) return;
      if (this.joins() !== given.get("joins")) { // chosen meanwhile
        this.asked = "";
        this.near();
        return;
      }
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.form.querySelector("[data-report-near]").replaceChildren(...found.body.children);
    }

    // The widget reckons while the last step is filled in.
    prove() {
      if (this.proof) return;
      this.proof = new Promise((done) => {
        const script = document.createElement("script");
        script.type = "module";
        script.src = this.texts.widget;
        script.onload = () => this.reckon(done);
        script.onerror = () => done();
        document.head.append(script);
      });
    }

    reckon(done) {
      globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(this.texts.worker));
      const widget = document.createElement("altcha-widget");
      const challenge = this.texts.challenge;
      widget.setAttribute("challenge", `${challenge}${challenge.includes("?") ? "&" : "?"}isian=${this.field("entry").value}`);
      widget.setAttribute("auto", "onload");
      widget.setAttribute("display", "invisible");
      widget.hidden = true;
      widget.setAttribute("configuration", JSON.stringify({ humanInteractionSignature: false, minDuration: 0 }));
      widget.addEventListener("statechange", ({ detail }) => {
        if (detail.state === "verified" || detail.state === "error") done();
      });
      this.form.append(widget);
    }

    async send() {
      if (this.sending) return;
      this.sending = true;
      clearTimeout(this.waiting);
      clearTimeout(this.saving);
      this.next.setAttribute("aria-disabled", "true");
      this.tell(this.texts.sending);
      await this.save();
      await Promise.race([this.proof, new Promise((done) => { setTimeout(done, PROOF_WAITS); })]);
      const answer = await fetch(this.form.action, { method: "POST", body: new FormData(this.form), redirect: "manual" }).catch(() => null);
      this.sending = false;
      this.next.removeAttribute("aria-disabled");
      if (answer && answer.type === "opaqueredirect") await this.sent();
      else if (!answer || answer.status >= 500) this.again();
      else this.replace(await answer.text());
    }

    async sent() {
      await store.drop(this.name);
      window.location.assign(this.texts.finished);
    }

    again() {
      this.tell(this.texts.unsent);
      const send = () => this.send();
      window.addEventListener("online", send, { once: true });
      this.waiting = setTimeout(() => { window.removeEventListener("online", send); this.send(); }, AGAIN_AFTER);
    }

    // The page that says what is wrong, with the photos that were chosen.
    replace(page) {
      const photos = this.files ? [...this.files.files] : [];
      const main = document.importNode(new DOMParser().parseFromString(page, "text/html").querySelector("main"), true);
      document.querySelector("main").replaceWith(main);
      main.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
      const form = main.querySelector("[data-report]");
      if (form) new Report(form, photos);
      const errors = main.querySelector(".errors, [role=alert]");
      if (errors) errors.focus();
    }
  }

  // Phones take photos of many megabytes; what is drawn anew also has none of the camera's notes.
  async function smaller(photo) {
    if (photo.size <= LARGEST || !photo.type.startsWith("image/")) return photo;
    const bitmap = await createImageBitmap(photo).catch(() => null);
    if (!bitmap) return photo;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
    return blob && blob.size < photo.size ? new File([blob], photo.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : photo;
  }

  function picture(photo) {
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(photo);
    image.alt = photo.name;
    item.append(image);
    return item;
  }

  const form = document.querySelector("[data-report]");
  if (form) new Report(form).restore();
})();
