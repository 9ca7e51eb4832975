// Chooses a point on the drawn areas: by touch, mouse, arrow keys, or where the phone is. Fills lat, lon and accuracy.
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const CLOSEST = 400; // metres across
  const METRES = 111320; // in a degree of latitude
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  class Chooser {
    constructor(box) {
      this.box = box;
      this.told = box.querySelector(".map-where");
      this.fields = ["lat", "lon", "accuracy"].map((name) => box.querySelector(`[name=${name}]`));
      this.clear = box.querySelector("[data-map-do=clear]");
      box.querySelector(".map-tools").hidden = false;
      box.addEventListener("click", (event) => this.act(event.target.dataset.mapDo));
      this.drawing = box.dataset.sheet ? new Drawing(box, (point) => this.choose(point)) : null;
      const [lat, lon] = this.fields.map((field) => parseFloat(field.value));
      if (Number.isFinite(lat) && Number.isFinite(lon)) this.show({ lat, lon });
      else this.told.textContent = this.drawing ? box.dataset.none : "";
    }

    act(what) {
      if (what === "in") this.drawing.zoom(0.5);
      if (what === "out") this.drawing.zoom(2);
      if (what === "here") this.locate();
      if (what === "clear") this.choose(null);
    }

    choose(point) {
      const values = point ? [point.lat.toFixed(6), point.lon.toFixed(6), point.accuracy ? Math.round(point.accuracy) : ""] : ["", "", ""];
      this.fields.forEach((field, n) => { field.value = values[n]; });
      this.fields[0].dispatchEvent(new Event("change", { bubbles: true }));
      this.show(point);
    }

    show(point) {
      this.clear.hidden = !point;
      if (this.drawing) this.drawing.mark(point);
      this.told.textContent = point ? "" : this.box.dataset.none;
      clearTimeout(this.asking);
      if (point) this.asking = setTimeout(() => this.tell(point), 250);
    }

    async tell(point) {
      const { where, point: word, outside } = this.box.dataset;
      const written = `${word}: ${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}`;
      const query = `lat=${point.lat.toFixed(6)}&lon=${point.lon.toFixed(6)}`;
      try {
        const answer = await fetch(where + (where.includes("?") ? "&" : "?") + query);
        const found = await answer.json();
        this.told.textContent = found.outside ? outside : found.area ? `${word}: ${found.area}` : written;
      } catch {
        this.told.textContent = written;
      }
    }

    locate() {
      const failed = () => { this.told.textContent = this.box.dataset.failed; };
      if (!navigator.geolocation) return failed();
      this.told.textContent = this.box.dataset.seeking;
      const found = ({ coords }) => {
        const point = { lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy };
        this.choose(point);
        if (this.drawing) this.drawing.look(point);
      };
      navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
    }
  }

  class Drawing {
    constructor(box, chosen) {
      const { west, north, x, y, sheet, keys } = box.dataset;
      [this.west, this.north, this.x, this.y] = [west, north, x, y].map(Number);
      this.svg = box.querySelector("svg");
      this.land = this.svg.querySelector(".map-land");
      this.chosen = chosen;
      this.fingers = new Map();
      const { x: left, y: top, width, height } = this.svg.viewBox.baseVal;
      this.view = { left, top, width, height };
      this.widest = { ...this.view };
      this.listen(keys);
      this.load(sheet);
      this.draw();
    }

    listen(keys) {
      this.svg.setAttribute("tabindex", "0");
      this.svg.setAttribute("role", "application");
      this.svg.setAttribute("aria-label", keys);
      this.svg.addEventListener("keydown", (event) => this.key(event));
      this.svg.addEventListener("pointerdown", (event) => this.press(event));
      this.svg.addEventListener("pointermove", (event) => this.drag(event));
      this.svg.addEventListener("pointerup", (event) => this.lift(event));
      this.svg.addEventListener("pointercancel", (event) => this.fingers.delete(event.pointerId));
      new ResizeObserver(() => this.draw()).observe(this.svg);
    }

    // The picture's own lines instead of the picture, so that borders and names stay sharp when it is enlarged.
    async load(address) {
      const answer = await fetch(address).catch(() => null);
      if (!answer || !answer.ok) return;
      const read = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
      this.land.replaceChildren(...Array.from(read.children, (child) => document.importNode(child, true)));
      this.land.querySelectorAll("[display]").forEach((names) => names.removeAttribute("display"));
      this.draw();
    }

    draw() {
      const { left, top, width, height } = this.view;
      this.svg.setAttribute("viewBox", [left, top, width, height].join(" "));
      const unit = this.unit();
      this.svg.querySelectorAll("circle").forEach((pin) => pin.setAttribute("r", 8 * unit));
      this.land.querySelectorAll("g").forEach((names) => names.setAttribute("font-size", 12 * unit));
      const across = this.metres(width);
      const depth = across > 20000 ? 2 : across > 6000 ? 3 : 4;
      this.svg.dataset.depth = depth;
    }

    unit() {
      const matrix = this.svg.getScreenCTM();
      return matrix && matrix.a ? 1 / matrix.a : this.view.width / 320;
    }

    metres(units) { return (units / this.y) * METRES; }

    at({ lat, lon }) { return { x: (lon - this.west) * this.x, y: (this.north - lat) * this.y }; }

    point({ x, y }) { return { lat: this.north - y / this.y, lon: this.west + x / this.x }; }

    spot(event) { return new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse()); }

    mark(point) {
      let pin = this.svg.querySelector(".map-pin");
      if (!point) {
        if (pin) pin.remove();
        this.pin = null;
        return;
      }
      if (!pin) {
        pin = document.createElementNS(SVG, "circle");
        pin.setAttribute("class", "map-pin");
        this.svg.append(pin);
      }
      this.pin = this.at(point);
      pin.setAttribute("cx", this.pin.x);
      pin.setAttribute("cy", this.pin.y);
      this.draw();
    }

    look(point) {
      const width = Math.min(this.view.width, (1500 / METRES) * this.y);
      const height = (width * this.view.height) / this.view.width;
      const { x, y } = this.at(point);
      this.view = { left: x - width / 2, top: y - height / 2, width, height };
      this.draw();
    }

    zoom(factor, around = this.pin && this.sees(this.pin) ? this.pin : this.middle()) {
      const { left, top, width, height } = this.view;
      const most = (2 * this.widest.width) / width;
      const by = Math.min(Math.max(factor, CLOSEST / this.metres(width)), Math.max(most, 1));
      this.view = { left: around.x - (around.x - left) * by, top: around.y - (around.y - top) * by, width: width * by, height: height * by };
      this.draw();
    }

    middle() { return { x: this.view.left + this.view.width / 2, y: this.view.top + this.view.height / 2 }; }

    sees({ x, y }) {
      const { left, top, width, height } = this.view;
      return x > left && x < left + width && y > top && y < top + height;
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "+" || event.key === "=") this.zoom(0.5);
      else if (event.key === "-") this.zoom(2);
      else if (event.key === "Enter" || event.key === " ") this.chosen(this.point(this.pin || this.middle()));
      else if (STEPS[event.key]) this.step(STEPS[event.key], event.shiftKey ? 0.2 : 0.04);
      else return;
      event.preventDefault();
    }

    step([right, down], part) {
      const { width } = this.view;
      const from = this.pin || this.middle();
      const to = this.pin ? { x: from.x + right * part * width, y: from.y + down * part * width } : from;
      if (!this.sees(to)) this.move(to.x - this.middle().x, to.y - this.middle().y);
      this.chosen(this.point(to));
    }

    move(x, y) {
      this.view = { ...this.view, left: this.view.left + x, top: this.view.top + y };
      this.draw();
    }

    press(event) {
      this.fingers.set(event.pointerId, event);
      this.svg.setPointerCapture(event.pointerId);
      this.dragged = this.fingers.size > 1;
    }

    drag(event) {
      const before = this.fingers.get(event.pointerId);
      if (!before) return;
      if (!this.dragged && Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) < 6) return;
      this.dragged = true;
      const apart = this.apart();
      this.fingers.set(event.pointerId, event);
      const from = this.spot(before);
      const to = this.spot(event);
      if (this.fingers.size === 1) this.move(from.x - to.x, from.y - to.y);
      else if (apart && this.apart()) this.zoom(apart / this.apart(), to);
    }

    apart() {
      const [one, other] = this.fingers.values();
      return other ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : 0;
    }

    lift(event) {
      const pressed = this.fingers.delete(event.pointerId);
      if (pressed && !this.dragged && event.button === 0) this.chosen(this.point(this.spot(event)));
    }
  }

  const begin = (root) => root.querySelectorAll("[data-map]:not([data-map-ready])").forEach((box) => {
    box.dataset.mapReady = "";
    box.chooser = new Chooser(box);
  });
  begin(document);
  document.addEventListener("htmx:load", (event) => begin(event.target.parentNode || document));
})();
