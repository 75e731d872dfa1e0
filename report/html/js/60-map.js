// PlantMap draws the map that was laid out beforehand, and moves it about.
const manyLinks = 2000; // from here on links are drawn on a canvas
const zoomMin = .06, zoomMax = 4;
const nodeW = 116;

// host is a name without its domain, which all names of a plant share.
const host = (name) => (/^[a-z0-9-]*[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/i.test(name) ? name.slice(0, name.indexOf('.')) : name);

class PlantMap {
  constructor(root) {
    this.m = data.map;
    this.root = root;
    this.x = this.y = 0;
    this.k = 1;
    this.moved = false;
    this.links = this.m.links.map((l, i) => ({ l, i, on: true, kind: kindOf(l.class), wide: 1.1 + .75 * Math.log10(1 + l.bytes / 1000) }));
    this.nodes = this.m.nodes.map((d, i) => ({ d, i, links: [], hay: this.hay(d) }));
    // What changes a plant is drawn last, above the rest.
    this.order = [...this.links].sort((a, b) => (weightOf[a.l.class] || 0) - (weightOf[b.l.class] || 0) || a.i - b.i);
    for (const l of this.links) { this.nodes[l.l.a].links.push(l); this.nodes[l.l.b].links.push(l); }
    this.groups = this.m.nodes.some((d) => d.kind === 'group');
    this.tools();
    this.draw();
    this.listen();
  }

  hay(d) {
    const one = (a) => [a.name, a.role, ...ips(a), ...macs(a), best(a, 'vendor'), best(a, 'model'), ...(a.uses || []).map((u) => u[0])];
    const list = d.members || (d.kind === 'host' ? [d.id] : []);
    return [d.name, d.addr, d.role || 'unknown', ...list.map((id) => assetOf.get(id)).filter(Boolean).flatMap(one)].join(' ').toLowerCase();
  }

  tools() {
    this.search = el('input', { type: 'search', placeholder: 'Find on the map', 'aria-label': 'Find on the map', autocomplete: 'off', spellcheck: 'false', oninput: () => set({ q: this.search.value }, true) });
    const protos = [...new Set(data.convs.map((c) => c.proto))].sort(collator.compare);
    this.proto = el('select', { 'aria-label': 'Protocol', onchange: () => set({ proto: this.proto.value }, true) }, el('option', { value: '' }, 'All protocols'), protos.map((p) => el('option', { value: p }, p)));
    this.cast = el('button', { type: 'button', class: 'btn', 'aria-pressed': 'false', onclick: () => { this.moved = false; set({ cast: state.q.get('cast') ? '' : '1' }, true); } }, 'Broadcast and multicast');
    const zoom = (text, name, f) => el('button', { type: 'button', class: 'btn', 'aria-label': name, title: name, onclick: f }, text);
    this.bar = el('div', { class: 'tools' }, this.search, this.proto, this.groups ? this.cast : '', el('span', { class: 'gap' }), this.note = el('span', { class: 'tally' }),
      el('span', { class: 'zoom' }, zoom('−', 'Zoom out (−)', () => this.zoom(1 / 1.3)), zoom('+', 'Zoom in (+)', () => this.zoom(1.3)), zoom('Fit', 'Show all (0)', () => this.fit())));
    this.legend = el('div', { class: 'legend', role: 'group', 'aria-label': 'What the lines mean; press to filter' }, Object.keys(kindTitles).map((k) => {
      const b = el('button', { type: 'button', 'aria-pressed': 'true', 'data-kind': k, onclick: () => this.toggleKind(k) },
        sv('svg', { viewBox: '0 0 30 8', 'aria-hidden': 'true', class: 'key ' + k }, sv('path', { d: 'M1 4H23' }), sv('path', { class: 'tip', d: 'M22 0.5L29.5 4L22 7.5z' })), kindTitles[k], el('span', { class: 'n' }));
      return b;
    }), el('span', { class: 'muted hint' }, 'Arrows go from client to server; wider is more traffic'));
  }

  toggleKind(k) {
    const all = Object.keys(kindTitles);
    const now = state.q.get('kinds') ? state.q.get('kinds').split('.') : all;
    const next = all.filter((x) => now.includes(x) !== (x === k));
    set({ kinds: next.length === all.length ? '' : next.join('.') || 'none' }, true);
  }

  draw() {
    const marker = (k) => sv('marker', { id: 'tip-' + k, class: 'tip ' + k, viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto-start-reverse' }, sv('path', { d: 'M0 1L10 5L0 9z' }));
    this.back = sv('g', { class: 'world' }, this.m.bands.map((b, i) => sv('rect', { class: 'band' + (i % 2 ? ' odd' : '') + (b.group ? ' cast' : ''), x: -20000, y: b.y, width: 40000 + this.m.w, height: b.h })),
      this.m.boxes.filter((b) => b.title).map((b) => this.box(b)));
    this.linkLayer = sv('g', { class: 'links' });
    this.nodeLayer = sv('g', { class: 'nodes' });
    this.bandLayer = sv('g', { class: 'labels', 'aria-hidden': 'true' }, this.labels = this.m.bands.map((b) => sv('g', { class: b.group ? 'cast' : '' }, sv('text', { y: 17 }, sv('tspan', { class: 'name' }, b.name), sv('tspan', { dx: 8, class: 'title' }, b.title)))));
    this.front = sv('g', { class: 'world' }, this.linkLayer, this.nodeLayer);
    this.svgBack = sv('svg', { class: 'back', 'aria-hidden': 'true' }, this.back);
    this.svg = sv('svg', { class: 'front' }, sv('defs', null, Object.keys(kindTitles).map(marker)), this.front, this.bandLayer);
    if (this.links.length > manyLinks) this.canvas = el('canvas', { 'aria-hidden': 'true' });
    this.stage = el('div', { class: 'stage', tabindex: '0', role: 'group', 'aria-label': 'Map of the plant. Plus and minus zoom, arrows move, Tab goes to the assets, 0 shows all.' }, this.svgBack, this.canvas, this.svg);
    if (this.canvas) for (const l of this.links) l.path = new Path2D(this.way(l.l));
    else this.linkLayer.append(...this.order.map((l) => this.drawLink(l)));
    this.nodeLayer.append(...this.nodes.map((x) => this.drawNode(x)));
    const long = $$('.name', this.nodeLayer).map((t) => t.textContent.length).sort((a, b) => a - b);
    this.big = (this.m.pitch - 8) / (.58 * Math.max(4, long[Math.floor(long.length * .9)] || 4));
    this.root.append(this.bar, el('div', { class: 'stage-box' }, this.stage, this.legend));
    if (!this.nodes.length) this.stage.append(el('p', { class: 'empty' }, 'No assets were seen.'));
  }

  box(b) {
    const max = Math.floor((b.w - 12) / 6.4);
    const t = b.title.length > max ? b.title.slice(0, max - 1) + '…' : b.title;
    return sv('g', { class: 'frame' + (this.m.bands[b.band].group ? ' cast' : '') }, sv('rect', { x: b.x, y: b.y, width: b.w, height: b.h, rx: 8 }), sv('text', { x: b.x + 10, y: b.y + 16 }, t));
  }

  way(l) { const c = l.curve; return 'M' + c[0] + ' ' + c[1] + 'C' + c.slice(2).join(' '); }

  drawLink(l) {
    const d = this.way(l.l);
    const a = this.m.nodes[l.l.a], b = this.m.nodes[l.l.b];
    l.line = sv('path', { class: 'l', d });
    l.g = sv('g', { class: 'link', 'data-i': l.i }, sv('title', null, a.name + (l.l.both ? ' ↔ ' : ' → ') + b.name + '\n' + [...new Set(l.l.refs.map((i) => data.convs[i].proto))].join(', ') + '\n' + n(l.l.packets) + ' packets, ' + bytes(l.l.bytes)),
      sv('path', { class: 'hit', d }), l.line);
    return l.g;
  }

  drawNode(x) {
    const d = x.d, cut = (s, max) => (s.length > max ? s.slice(0, max - 1) + '…' : s);
    const a = assetOf.get(d.id);
    const w = d.members ? d.members.map(worst).filter(Boolean).sort((p, q) => ['critical', 'high', 'medium', 'low', 'info'].indexOf(p) - ['critical', 'high', 'medium', 'low', 'info'].indexOf(q))[0] : worst(d.id);
    const title = [d.name, d.addr, d.role ? label(d.role) : d.kind === 'host' ? 'role unknown' : '', a && best(a, 'vendor'), a && best(a, 'model')].filter(Boolean);
    const name = cut(d.members ? n(d.members.length) + ' × ' + (d.role ? label(d.role) : 'unknown') : host(d.name), Math.floor(this.m.pitch / 7.2)), below = cut(d.addr || (d.role ? label(d.role) : ''), Math.floor(this.m.pitch / 6.1));
    const wide = Math.max(name.length * 6.9, below.length * 5.9) + 6;
    x.g = sv('g', { class: 'node ' + d.kind + this.ground(d), transform: 'translate(' + d.x + ' ' + d.y + ')', tabindex: '-1', role: 'button', 'data-i': x.i, 'aria-label': title.join(', ') },
      sv('title', null, title.join('\n')),
      sv('rect', { class: 'area', x: -nodeW / 2, y: -24, width: nodeW, height: 84, rx: 6 }),
      d.kind === 'cluster' ? [sv('rect', { class: 'tile far', x: -14, y: -24, width: 40, height: 40, rx: 9 }), sv('rect', { class: 'tile far', x: -17, y: -22, width: 40, height: 40, rx: 9 })] : '',
      sv('rect', { class: 'tile', x: -20, y: -20, width: 40, height: 40, rx: 9 }),
      sv('svg', { class: 'role', x: -13, y: -13, width: 26, height: 26, viewBox: '0 0 24 24' }, symbol(d.role)),
      w && w !== 'info' ? sv('circle', { class: 'badge ' + w, cx: 19, cy: -19, r: 5.5 }) : '',
      sv('rect', { class: 'plate', x: -wide / 2, y: 24.5, width: wide, height: below ? 30 : 16, rx: 4 }),
      sv('text', { class: 'name', y: 36 }, name), sv('text', { class: 'addr', y: 50 }, below));
    return x.g;
  }

  // ground is what a node stands on, for the backing of its name.
  ground(d) {
    const in_ = (b) => b.title && b.band === d.band && d.x > b.x && d.x < b.x + b.w && d.y > b.y && d.y < b.y + b.h;
    return this.m.boxes.some(in_) ? ' net' : d.band % 2 ? ' odd' : '';
  }

  // apply shows what the address asks for.
  apply(q) {
    if (document.activeElement !== this.search) this.search.value = q.get('q') || '';
    this.proto.value = q.get('proto') || '';
    const cast = !!q.get('cast');
    this.cast.setAttribute('aria-pressed', String(cast));
    this.root.classList.toggle('show-cast', cast);
    this.castShown = cast;
    const kinds = q.get('kinds') ? q.get('kinds').split('.') : Object.keys(kindTitles);
    const words = (q.get('q') || '').toLowerCase().split(/\s+/).filter(Boolean);
    this.filterLinks(q.get('proto') || '', kinds, cast);
    this.light(q, words);
    this.paint();
    if (!this.moved) this.fit(true);
    this.reveal(q);
  }

  filterLinks(proto, kinds, cast) {
    const all = !proto && kinds.length === 4;
    const tally = { change: 0, write: 0, read: 0, look: 0 };
    for (const l of this.links) {
      const hidden = !cast && (this.m.nodes[l.l.a].kind === 'group' || this.m.nodes[l.l.b].kind === 'group');
      if (!hidden) tally[kindOf(l.l.class)]++;
      l.kind = kindOf(l.l.class);
      l.on = !hidden;
      if (all || hidden) continue;
      let cls = null;
      for (const i of l.l.refs) {
        const c = data.convs[i];
        if (proto && c.proto !== proto) continue;
        const list = classesOf(c).map((x) => x[0]);
        for (const k of list.length ? list : ['other']) if (kinds.includes(kindOf(k)) && (cls === null || (weightOf[k] || 0) > (weightOf[cls] || 0))) cls = k;
      }
      l.on = cls !== null;
      if (cls !== null) l.kind = kindOf(cls);
    }
    for (const b of $$('button', this.legend)) {
      b.setAttribute('aria-pressed', String(kinds.includes(b.dataset.kind)));
      $('.n', b).textContent = n(tally[b.dataset.kind]);
    }
    this.filtered = !all;
  }

  // light dims what is not asked about.
  light(q, words) {
    const found = (x) => words.every((w) => x.hay.includes(w));
    const chosen = this.chosen(q);
    const near = new Set();
    let hits = 0;
    for (const x of this.nodes) {
      const hit = words.length && found(x);
      hits += hit ? 1 : 0;
      if (!hit && !chosen.includes(x)) continue;
      near.add(x);
      x.hit = hit;
    }
    const only = q.has('link') ? this.links[q.get('link')] : null;
    const focus = new Set(near);
    for (const l of this.links) {
      const a = this.nodes[l.l.a], b = this.nodes[l.l.b];
      l.dim = only ? l !== only : focus.size > 0 && !focus.has(a) && !focus.has(b);
      if (l.on && !l.dim && focus.size) { near.add(a); near.add(b); }
    }
    for (const x of this.nodes) {
      x.dim = (focus.size > 0 && !near.has(x)) || (this.filtered && !focus.has(x) && !x.links.some((l) => l.on));
      x.g.classList.toggle('dim', x.dim);
      x.g.classList.toggle('chosen', chosen.includes(x));
      x.g.classList.toggle('hit', !!(words.length && found(x)));
    }
    this.note.textContent = words.length ? plural(hits, 'match').replace('matchs', 'matches') : this.m.folded ? n(this.m.folded) + ' assets stand in clusters' : '';
  }

  // chosen are the nodes that the panel is about.
  chosen(q) {
    const id = q.get('asset') || q.get('node');
    const l = q.has('link') && this.m.links[q.get('link')];
    if (l) return [this.nodes[l.a], this.nodes[l.b]];
    return id ? this.nodes.filter((x) => x.d.id === id || (x.d.members || []).includes(id)) : [];
  }

  // paint draws the links; the more there are, the lighter.
  paint() {
    const shown = this.links.filter((l) => l.on && !l.dim);
    const lit = shown.length < this.links.filter((l) => l.on).length;
    this.dense = lit ? 1 : Math.max(.2, Math.min(1, Math.sqrt(110 / Math.max(1, shown.length))));
    this.stage.style.setProperty('--dense', this.dense.toFixed(2));
    if (this.canvas) { this.paintCanvas(); return; }
    for (const l of this.links) {
      l.line.style.setProperty('--w', (l.wide * Math.max(.55, this.dense)).toFixed(1) + 'px');
      l.g.setAttribute('class', 'link ' + l.kind + (l.on ? '' : ' off') + (l.dim ? ' dim' : ''));
      l.line.setAttribute('marker-end', 'url(#tip-' + l.kind + ')');
      if (l.l.both) l.line.setAttribute('marker-start', 'url(#tip-' + l.kind + ')');
    }
  }

  paintCanvas() {
    const dpr = window.devicePixelRatio || 1, w = this.stage.clientWidth, h = this.stage.clientHeight;
    const c = this.canvas, g = c.getContext('2d'), css = getComputedStyle(document.documentElement);
    if (c.width !== w * dpr || c.height !== h * dpr) { c.width = w * dpr; c.height = h * dpr; }
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, c.width, c.height);
    g.setTransform(dpr * this.k, 0, 0, dpr * this.k, dpr * this.x, dpr * this.y);
    for (const dim of [true, false]) {
      for (const l of this.order) {
        if (!l.on || !!l.dim !== dim) continue;
        const strong = l.kind === 'change' ? .9 : l.kind === 'write' ? .75 : l.kind === 'read' ? .6 : .45;
        g.globalAlpha = dim ? .03 : strong * this.dense;
        g.strokeStyle = css.getPropertyValue('--' + l.kind);
        g.lineWidth = l.wide * Math.max(.4, this.dense) * this.thin() / this.k;
        g.stroke(l.path);
      }
    }
  }

  linkAt(px, py) {
    const g = this.canvas.getContext('2d');
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.lineWidth = 10 / this.k;
    const x = (px - this.x) / this.k, y = (py - this.y) / this.k;
    return this.links.find((l) => l.on && !l.dim && g.isPointInStroke(l.path, x, y));
  }
}
