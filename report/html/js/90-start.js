// The views are made when first shown.
const made = {};

function make(view) {
  if (made[view] || view === 'overview') return made[view];
  const root = $('#view-' + view);
  made[view] = view === 'map' ? new PlantMap(root) : new Table(root, { view, ...specs[view]() });
  return made[view];
}

// show brings the page to the state of the address.
function show() {
  for (const v of views) {
    $('#view-' + v).hidden = v !== state.view;
    const t = $('#tab-' + v);
    t.setAttribute('aria-selected', String(v === state.view));
    t.tabIndex = v === state.view ? 0 : -1;
  }
  document.body.dataset.view = state.view;
  const q = new URLSearchParams(state.q);
  for (const k of panelKeys) q.delete(k);
  lastOf[state.view] = hashOf(state.view, q);
  for (const v of views) $('#tab-' + v).setAttribute('href', lastOf[v] || '#' + v);
  showPanel(state.q);
  const x = make(state.view);
  if (x) x.apply(state.q);
}

function follow() {
  if (!readHash()) return;
  const before = document.body.dataset.view;
  show();
  if (before !== state.view) scrollTo(0, 0);
}

function theme(name, keep) {
  document.documentElement.dataset.theme = name;
  if (keep) { try { localStorage.setItem('bulkhead-theme', name); } catch { /* a page from a file may have no store */ } }
  if (made.map && made.map.canvas && state.view === 'map') made.map.paintCanvas();
}

function start() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let kept = null;
  try { kept = localStorage.getItem('bulkhead-theme'); } catch { /* none */ }
  theme(kept === 'dark' || kept === 'light' ? kept : dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', () => { if (!kept) theme(dark.matches ? 'dark' : 'light'); });
  $('#theme').addEventListener('click', () => { kept = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'; theme(kept, true); });

  $('.tabs').addEventListener('keydown', (e) => {
    const i = views.indexOf(state.view);
    const to = { ArrowRight: (i + 1) % views.length, ArrowLeft: (i + views.length - 1) % views.length, Home: 0, End: views.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    location.hash = lastOf[views[to]] || '#' + views[to];
    $('#tab-' + views[to]).focus();
  });
  document.addEventListener('keydown', (e) => {
    if (e.key === 'Escape' && !panel.hidden) closePanel();
    if (e.key === '/' && !e.target.closest('input, select, textarea')) {
      const s = $('#view-' + state.view + ' input[type="search"]');
      if (s) { e.preventDefault(); s.focus(); s.select(); }
    }
  });
  addEventListener('hashchange', follow);
  addEventListener('popstate', follow);
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));
  matchMedia('print').addEventListener('change', (e) => print(e.matches));
  follow();
  document.documentElement.dataset.ready = '1';
}

// print lays all views out for paper, tables up to a number of rows.
const printRows = 1000;
let printing = false;
function print(on) {
  if (on === printing) return;
  printing = on;
  for (const v of views) {
    const x = make(v);
    if (v !== state.view) $('#view-' + v).hidden = !on;
    if (!x) continue;
    x.shownFor = null;
    if (on && v !== state.view) x.apply(new URLSearchParams());
    if (x.still) x.still(on);
    else if (on && x.shown < printRows) x.extend(printRows - x.shown);
  }
  if (!on) show();
}

start();
