// Single keys. j and k go through what has data-row; a letter on one opens its page at the place that the list names for
// it (data-e="#tugas" on what has data-rows); any other is that of the element with data-key="…", which is pressed, or
// entered if it takes words, or opened with its first field. All are silent while somebody types, and can be switched off.
"use strict";
(() => {
  const OFF = "kanal.keys.off";
  const KEY_OF_SPACE = "space";
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const isTyping = (at) => at.isContentEditable || at.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])");
  let last = "";

  function isOff() {
    try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
  }

  function turn(off) {
    try { localStorage.setItem(OFF, off ? "1" : "0"); } catch { /* then it is so until the page is left */ }
  }

  function current() {
    return rows().find((row) => row === document.activeElement) || rows().find((row) => row.id === last);
  }

  function choose(row) {
    if (!row) return;
    last = row.id;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function move(by) {
    const all = rows();
    const at = all.indexOf(current());
    choose(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))]);
  }

  function open(details) {
    details.open = true;
    details.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  }

  function press(element) {
    if (element.dataset.shows) return document.getElementById(element.dataset.shows).showModal();
    if (element.matches("summary")) return open(element.parentElement);
    if (!isTyping(element)) return element.click();
    element.focus();
    if (element.select) element.select();
  }

  function act(key) {
    if (key === "j") return move(1);
    if (key === "k") return move(-1);
    const row = current();
    const place = row && row.closest("[data-rows]")?.dataset[key];
    if (place) return location.assign(row.href + place);
    const element = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && !one.disabled);
    return element ? press(element) : false;
  }

  addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat && !"jk".includes(event.key)) return;
    if (isOff() || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (!(target instanceof HTMLElement) || isTyping(target)) return;
    const key = event.key === " " ? KEY_OF_SPACE : event.key;
    if (key === KEY_OF_SPACE && target.matches("button, summary, input, a")) return;
    if ((key.length === 1 || key === KEY_OF_SPACE) && /^[a-z0-9/?]$|^space$/.test(key) && act(key) !== false) event.preventDefault();
  });

  // What a list that refreshed itself took the focus from gets it back.
  addEventListener("htmx:afterSettle", () => {
    if (last && document.activeElement === document.body) document.getElementById(last)?.focus();
  });

  addEventListener("focusin", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-row]")) last = event.target.id;
  });

  for (const button of document.querySelectorAll("[data-shows]")) {
    button.hidden = false;
    button.addEventListener("click", () => press(button));
  }
  for (const box of document.querySelectorAll("[data-keys-switch]")) {
    box.checked = !isOff();
    box.addEventListener("change", () => turn(!box.checked));
  }
})();
