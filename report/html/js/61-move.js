// How the map is moved: wheel, drag, pinch, buttons and keys.
Object.assign(PlantMap.prototype, {
  listen() {
    const s = this.stage;
    s.addEventListener('wheel', (e) => { e.preventDefault(); this.zoom(Math.exp(-e.deltaY * (e.deltaMode ? .05 : .0015)), e); }, { passive: false });
    s.addEventListener('pointerdown', (e) => this.down(e));
    s.addEventListener('pointermove', (e) => this.drag(e));
    for (const t of ['pointerup', 'pointercancel', 'pointerleave']) s.addEventListener(t, (e) => this.pointers.delete(e.pointerId));
    s.addEventListener('click', (e) => this.click(e));
    s.addEventListener('dblclick', (e) => { if (!e.target.closest('.node')) this.zoom(1.6, e); });
    s.addEventListener('keydown', (e) => this.key(e));
    s.addEventListener('focusin', (e) => { const g = e.target.closest('.node'); if (g) this.show(this.nodes[g.dataset.i], 40); });
    this.pointers = new Map();
    new ResizeObserver(() => { if (!this.root.hidden) { if (this.moved) this.transform(); else this.fit(true); } }).observe(s);
    if (this.nodes.length) this.rove(this.nodes.find((x) => x.d.kind !== 'group') || this.nodes[0]);
  },

  transform() {
    const t = 'translate(' + this.x.toFixed(2) + ' ' + this.y.toFixed(2) + ') scale(' + this.k.toFixed(4) + ')';
    this.back.setAttribute('transform', t);
    this.front.setAttribute('transform', t);
    this.stage.classList.toggle('far', this.k < .62);
    this.stage.classList.toggle('very-far', this.k < .34);
    this.stage.style.setProperty('--k', this.thin().toFixed(2));
    // Names keep a readable size while the map is small, as far as they have room.
    this.stage.style.setProperty('--name', Math.max(12, Math.min(10.5 / this.k, this.big, 22)).toFixed(1) + 'px');
    const up = 8 * Math.max(0, 1 - this.k);
    for (const [i, b] of this.m.bands.entries()) {
      this.labels[i].setAttribute('transform', 'translate(14 ' + (b.y * this.k + this.y - up).toFixed(1) + ')');
      this.labels[i].classList.toggle('tight', b.h * this.k < 30);
    }
    if (this.canvas) this.paintCanvas();
  },

  // thin makes lines finer where the picture is small; they do not grow with it.
  thin() { return Math.min(1, Math.max(.45, this.k)); },

  // zoom changes the scale and keeps the given point, or the middle, in place.
  zoom(f, at) {
    const r = this.stage.getBoundingClientRect();
    const px = at ? at.clientX - r.left : r.width / 2, py = at ? at.clientY - r.top : r.height / 2;
    const k = Math.min(zoomMax, Math.max(zoomMin, this.k * f));
    this.x = px - (px - this.x) * k / this.k;
    this.y = py - (py - this.y) * k / this.k;
    this.k = k;
    this.moved = true;
    this.transform();
  },

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.moved = true;
    this.transform();
  },

  height() {
    const shown = this.m.bands.filter((b) => this.castShown || !b.group);
    const end = shown[shown.length - 1];
    return end ? end.y + end.h : this.m.h;
  },

  // fit shows all of it. On a phone the width would leave nothing to read, so
  // that it starts at the upper left corner there.
  fit(keep) {
    const w = this.stage.clientWidth, h = this.stage.clientHeight - this.legend.offsetHeight - 12;
    if (!w || h <= 0 || !this.m.w) return;
    const mh = this.height();
    this.k = Math.min(1.35, Math.max(w < 700 ? .45 : zoomMin, Math.min((w - 16) / this.m.w, (h - 16) / mh)));
    this.x = Math.max((w - this.m.w * this.k) / 2, w < 700 ? 0 : -1e9);
    this.y = Math.max(0, (h - mh * this.k) / 2.4);
    if (!keep) this.moved = false;
    this.transform();
  },

  // show moves the map so that a node is in sight.
  show(x, edge) {
    const w = this.stage.clientWidth, h = this.stage.clientHeight;
    const px = x.d.x * this.k + this.x, py = x.d.y * this.k + this.y;
    const far = (v, size) => (v < edge ? edge - v : v > size - edge ? size - edge - v : 0);
    const dx = far(px, w), dy = far(py, h);
    if (dx || dy) this.pan(dx, dy);
  },

  // reveal brings what was chosen by the address into sight, once.
  reveal(q) {
    const key = [q.get('asset'), q.get('node'), q.get('link')].join('|');
    if (key === this.revealed) return;
    this.revealed = key;
    for (const x of this.chosen(q)) {
      this.show(x, 70);
      this.rove(x);
    }
  },

  rove(x) {
    if (this.at) this.at.g.setAttribute('tabindex', '-1');
    this.at = x;
    x.g.setAttribute('tabindex', '0');
  },

  down(e) {
    if (e.button) return;
    this.pointers.set(e.pointerId, { x: e.clientX, y: e.clientY });
    this.far = 0;
  },

  drag(e) {
    const p = this.pointers.get(e.pointerId);
    if (!p) return;
    const dx = e.clientX - p.x, dy = e.clientY - p.y;
    this.far += Math.abs(dx) + Math.abs(dy);
    if (this.far < 5 && this.pointers.size === 1) return;
    if (!this.stage.hasPointerCapture(e.pointerId)) this.stage.setPointerCapture(e.pointerId);
    if (this.pointers.size === 2) {
      const o = [...this.pointers].find(([id]) => id !== e.pointerId)[1];
      const was = Math.hypot(p.x - o.x, p.y - o.y), is = Math.hypot(e.clientX - o.x, e.clientY - o.y);
      if (was > 0) this.zoom(is / was, { clientX: (e.clientX + o.x) / 2, clientY: (e.clientY + o.y) / 2 });
      this.pan(dx / 2, dy / 2);
    } else this.pan(dx, dy);
    p.x = e.clientX;
    p.y = e.clientY;
  },

  click(e) {
    if (this.far > 5) return;
    const node = e.target.closest('.node'), g = e.target.closest('.link');
    if (node) { this.open(this.nodes[node.dataset.i]); return; }
    const r = this.stage.getBoundingClientRect();
    const l = g ? this.links[g.dataset.i] : this.canvas && this.linkAt(e.clientX - r.left, e.clientY - r.top);
    if (l) set({ link: String(l.i), asset: '', node: '' });
    else if (!panel.hidden) closePanel();
  },

  open(x) {
    this.rove(x);
    const id = x.d.kind === 'host' ? { asset: x.d.id, node: '' } : { node: x.d.id, asset: '' };
    this.revealed = [id.asset || null, id.node || null, null].join('|');
    set({ ...id, link: '' });
  },

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const dir = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    const node = e.target.closest('.node');
    if (dir && node && !e.shiftKey) this.step(this.nodes[node.dataset.i], dir);
    else if (dir) this.pan(-dir[0] * 80, -dir[1] * 80);
    else if (e.key === '+' || e.key === '=') this.zoom(1.3);
    else if (e.key === '-') this.zoom(1 / 1.3);
    else if (e.key === '0') this.fit();
    else if (node && (e.key === 'Enter' || e.key === ' ')) this.open(this.nodes[node.dataset.i]);
    else return;
    e.preventDefault();
  },

  // step goes to the nearest node in a direction.
  step(from, [dx, dy]) {
    let to = null, least = Infinity;
    for (const x of this.nodes) {
      if (x === from || (x.d.kind === 'group' && !this.castShown)) continue;
      const ax = x.d.x - from.d.x, ay = x.d.y - from.d.y;
      const along = ax * dx + ay * dy, aside = Math.abs(ax * dy) + Math.abs(ay * dx);
      if (along <= 4 || aside > along * 3) continue;
      if (along + aside * 2 < least) { least = along + aside * 2; to = x; }
    }
    if (!to) return;
    this.rove(to);
    to.g.focus();
  },

  // still fits the map on paper, and moving gives it back to the screen.
  still(on) {
    for (const s of [this.svgBack, this.svg]) {
      if (on) s.setAttribute('viewBox', '0 0 ' + this.m.w + ' ' + this.height());
      else s.removeAttribute('viewBox');
    }
    this.stage.classList.toggle('still', on);
    if (!on) { this.transform(); return; }
    this.stage.classList.remove('far', 'very-far');
    for (const g of [this.back, this.front]) g.removeAttribute('transform');
    for (const [i, b] of this.m.bands.entries()) this.labels[i].setAttribute('transform', 'translate(6 ' + b.y + ')');
  },
});
