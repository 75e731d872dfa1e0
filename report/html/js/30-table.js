// Table is a sortable and filterable table whose state is in the address:
// q (words that must all occur), sort (column, with - for descending) and one
// key for each choice.
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const chunk = 150;

class Table {
  constructor(root, spec) {
    this.spec = spec;
    this.view = spec.view;
    this.open = new Set();
    this.root = root;
    this.build();
  }

  build() {
    const s = this.spec;
    this.search = el('input', { type: 'search', placeholder: 'Search', 'aria-label': 'Search in ' + s.title, autocomplete: 'off', spellcheck: 'false',
      oninput: () => set({ q: this.search.value }, true),
      onkeydown: (e) => { if (e.key === 'ArrowDown') { e.preventDefault(); this.focusRow(0); } } });
    this.picks = s.choices.map((c) => this.choice(c));
    this.tally = el('span', { class: 'tally', 'aria-live': 'polite' });
    this.clear = el('button', { type: 'button', class: 'btn', onclick: () => this.reset() }, 'Clear filters');
    const csv = el('button', { type: 'button', class: 'btn', onclick: () => this.export() }, 'Export CSV');
    this.head = el('tr', null, s.columns.map((c, i) => this.header(c, i)));
    this.body = el('tbody', { onkeydown: (e) => this.key(e), onclick: (e) => this.click(e) });
    this.table = el('table', { class: 'grid', 'aria-label': s.title }, el('thead', null, this.head), this.body);
    this.more = el('button', { type: 'button', class: 'btn more', onclick: () => this.extend(chunk * 4) });
    this.box = el('div', { class: 'grid-box', tabindex: '-1' }, this.table, this.more);
    this.root.append(
      el('div', { class: 'tools', role: 'search' }, this.search, this.picks.map((p) => p.node), this.clear, this.tally, el('span', { class: 'gap' }), csv),
      s.note ? el('p', { class: 'hint' }, s.note) : '', this.box);
    new IntersectionObserver((es) => { if (es.some((e) => e.isIntersecting)) this.extend(chunk); }, { rootMargin: '400px' }).observe(this.more);
  }

  choice(c) {
    const count = new Map();
    for (const r of this.spec.rows) for (const v of new Set(c.of(r))) count.set(v, (count.get(v) || 0) + 1);
    const list = [...count].sort((a, b) => collator.compare(a[0], b[0]));
    const node = el('select', { 'aria-label': c.title, onchange: () => set({ [c.key]: node.value }) },
      el('option', { value: '' }, c.title), list.map(([v, x]) => el('option', { value: v }, (c.label ? c.label(v) : v) + ' (' + n(x) + ')')));
    return { c, node, known: count };
  }

  header(c, i) {
    const b = el('button', { type: 'button', title: c.hint, onclick: () => this.sortBy(c), onkeydown: (e) => {
      const to = { ArrowLeft: i - 1, ArrowRight: i + 1 }[e.key];
      if (e.key === 'ArrowUp' || e.key === 'ArrowDown') { e.preventDefault(); set({ sort: (e.key === 'ArrowDown' ? '-' : '') + c.key }, true); }
      if (to !== undefined && this.head.children[to]) { e.preventDefault(); $('button', this.head.children[to]).focus(); }
    } }, c.title);
    return el('th', { scope: 'col', class: c.num ? 'num' : '', 'data-key': c.key }, b);
  }

  sortBy(c) {
    const now = this.sort;
    const down = now === c.key ? '-' : now === '-' + c.key ? '' : c.num ? '-' : '';
    set({ sort: down + c.key }, true);
  }

  reset() {
    const q = { q: '' };
    for (const p of this.picks) q[p.c.key] = '';
    for (const k of this.spec.clears || []) q[k] = '';
    set(q);
    this.search.focus();
  }

  // apply shows what the address asks for.
  apply(q) {
    this.selected = this.spec.selected && this.spec.selected(q);
    const key = new URLSearchParams(q);
    for (const k of panelKeys) key.delete(k);
    if (key.toString() === this.shownFor) { this.mark(); return; } // the panel opens beside the same rows
    this.shownFor = key.toString();
    const words = (q.get('q') || '').toLowerCase().split(/\s+/).filter(Boolean);
    if (document.activeElement !== this.search) this.search.value = q.get('q') || '';
    let any = words.length > 0;
    let rows = this.spec.rows;
    for (const p of this.picks) {
      const v = q.get(p.c.key) || '';
      if (v && !p.known.has(v)) { p.known.set(v, 0); p.node.append(el('option', { value: v }, v + ' (0)')); }
      p.node.value = v;
      if (v) { any = true; rows = rows.filter((r) => p.c.of(r).includes(v)); }
    }
    if (this.spec.filter) {
      const f = this.spec.filter(q);
      if (f) { any = true; rows = rows.filter(f); }
    }
    if (words.length) {
      rows = rows.filter((r) => { r.hay ??= this.spec.hay(r).join(' ').toLowerCase(); return words.every((w) => r.hay.includes(w)); });
    }
    this.sort = q.get('sort') || this.spec.sort;
    this.rows = this.sorted(rows);
    this.clear.hidden = !any;
    this.tally.textContent = rows.length === this.spec.rows.length ? n(rows.length) : n(rows.length) + ' of ' + n(this.spec.rows.length);
    this.render();
  }

  mark() {
    for (const tr of $$('tr.row', this.body)) {
      if (this.rows[tr.dataset.i] === this.selected) tr.setAttribute('aria-selected', 'true');
      else tr.removeAttribute('aria-selected');
    }
  }

  sorted(rows) {
    const down = this.sort.startsWith('-');
    const c = this.spec.columns.find((x) => x.key === this.sort.replace(/^-/, ''));
    for (const th of this.head.children) {
      const on = c && th.dataset.key === c.key;
      if (on) th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      else th.removeAttribute('aria-sort');
    }
    if (!c) return rows;
    const none = (v) => v === '' || v === null || v === undefined;
    return rows.map((r, i) => [c.val(r), i, r]).sort((a, b) => {
      if (none(a[0]) || none(b[0])) return none(a[0]) - none(b[0]) || a[1] - b[1];
      const d = typeof a[0] === 'number' ? a[0] - b[0] : collator.compare(a[0], b[0]);
      return (down ? -d : d) || a[1] - b[1];
    }).map((x) => x[2]);
  }

  render() {
    this.body.replaceChildren();
    this.shown = 0;
    this.extend(chunk);
    if (!this.rows.length) {
      this.body.append(el('tr', { class: 'none' }, el('td', { colspan: this.spec.columns.length }, this.spec.rows.length ? 'Nothing matches these filters.' : this.spec.empty)));
    }
  }

  extend(count) {
    const to = Math.min(this.rows.length, this.shown + count);
    const list = [];
    for (; this.shown < to; this.shown++) list.push(...this.row(this.rows[this.shown], this.shown));
    this.body.append(...list);
    const left = this.rows.length - this.shown;
    this.more.hidden = left <= 0;
    this.more.textContent = 'Show more (' + n(left) + ' left)';
  }

  row(r, i) {
    const s = this.spec;
    const tr = el('tr', { class: 'row', tabindex: i ? '-1' : '0', 'data-i': i, 'aria-expanded': s.detail ? String(this.open.has(r)) : undefined,
      'aria-selected': this.selected === r ? 'true' : undefined },
    s.columns.map((c, k) => {
      const v = c.show ? c.show(r) : c.val(r);
      return el(k === 0 ? 'th' : 'td', { scope: k === 0 ? 'row' : undefined, class: [c.num ? 'num' : 'data', c.cls || ''].join(' ').trim() },
        typeof v === 'number' ? n(v) : v);
    }));
    return s.detail && this.open.has(r) ? [tr, this.detail(r)] : [tr];
  }

  detail(r) {
    return el('tr', { class: 'detail' }, el('td', { colspan: this.spec.columns.length }, this.spec.detail(r)));
  }

  toggle(tr, want) {
    const r = this.rows[tr.dataset.i];
    const is = this.open.has(r);
    if (want === is) return;
    if (is) { this.open.delete(r); tr.nextElementSibling.remove(); } else { this.open.add(r); tr.after(this.detail(r)); }
    tr.setAttribute('aria-expanded', String(!is));
  }

  click(e) {
    const tr = e.target.closest('tr.row');
    if (!tr || e.target.closest('a, button, summary') || String(getSelection())) return;
    this.act(tr);
  }

  act(tr) {
    if (this.spec.detail) this.toggle(tr);
    else if (this.spec.open) this.spec.open(this.rows[tr.dataset.i]);
  }

  key(e) {
    const tr = e.target;
    if (!tr.classList.contains('row')) return;
    const i = Number(tr.dataset.i);
    const keys = {
      ArrowDown: () => this.focusRow(i + 1), ArrowUp: () => (i ? this.focusRow(i - 1) : this.search.focus()),
      Home: () => this.focusRow(0), End: () => this.focusRow(this.rows.length - 1),
      PageDown: () => this.focusRow(i + 20), PageUp: () => this.focusRow(Math.max(0, i - 20)),
      Enter: () => this.act(tr), ' ': () => this.act(tr),
      ArrowRight: () => this.spec.detail && this.toggle(tr, true), ArrowLeft: () => this.spec.detail && this.toggle(tr, false),
    };
    if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
  }

  focusRow(i) {
    i = Math.min(i, this.rows.length - 1);
    if (i < 0) return;
    if (i >= this.shown) this.extend(i - this.shown + chunk);
    for (const t of $$('tr.row[tabindex="0"]', this.body)) t.tabIndex = -1;
    const tr = $('tr.row[data-i="' + i + '"]', this.body);
    tr.tabIndex = 0;
    tr.focus();
  }

  // export writes the rows as filtered and sorted. A leading sign that a
  // spreadsheet would take for a formula is disarmed.
  export() {
    const cell = (v) => {
      let s = String(v ?? '');
      if (/^[=+\-@\t\r]/.test(s) && !/^[+-]?\d+(\.\d+)?$/.test(s)) s = "'" + s;
      return /[",\n\r]/.test(s) ? '"' + s.replaceAll('"', '""') + '"' : s;
    };
    const cols = [...this.spec.columns, ...(this.spec.extra || [])];
    const lines = [cols.map((c) => cell(c.csvTitle || c.title)), ...this.rows.map((r) => cols.map((c) => cell(c.csv ? c.csv(r) : c.val(r))))];
    const blob = new Blob(['\ufeff' + lines.map((l) => l.join(',')).join('\r\n') + '\r\n'], { type: 'text/csv;charset=utf-8' });
    const url = URL.createObjectURL(blob);
    const a = el('a', { href: url, download: data.name + '-' + this.view + '.csv' });
    document.body.append(a);
    a.click();
    a.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    say(plural(this.rows.length, 'row') + ' exported');
  }
}
