// The tables: what their columns show.

const timeCol = (key, title) => ({ key, title, val: (r) => r[key], show: (r) => time(r[key]), csv: (r) => iso(r[key]), cls: 'time' });
const numCol = (key, title, hint) => ({ key, title, num: true, hint, val: (r) => r[key] || 0 });
const attrCol = (key, title) => ({ key, title, val: (a) => best(a, key), cls: 'attr' });
const lines = (list) => list.slice(0, 3).map((s) => el('div', null, s)).concat(list.length > 3 ? el('div', { class: 'muted' }, '+ ' + (list.length - 3) + ' more') : []);

function party(e) {
  const name = endName(e), addr = endAddr(e);
  const first = e.a && assetOf.has(e.a) ? el('a', { href: panelLink({ asset: e.a }), class: 'data' }, name) : el('span', { class: 'data' }, name);
  return [first, name !== addr && addr ? el('div', { class: 'muted data' }, addr) : ''];
}
const partyText = (e) => { const a = endAddr(e), m = endName(e); return m === a ? a : m + ' (' + a + ')'; };

// panelLink opens the panel over the present view.
function panelLink(q) {
  const p = new URLSearchParams(state.q);
  for (const k of panelKeys) p.delete(k);
  for (const [k, v] of Object.entries(q)) p.set(k, v);
  return hashOf(state.view, p);
}

const specs = {
  assets: () => ({
    title: 'Assets', rows: data.assets, sort: 'ips', empty: 'No assets were seen.', clears: [],
    hay: (a) => [a.name, a.id, a.role || 'unknown', ...ips(a), ...macs(a), ...Object.values(a.at || {}).flat().map((v) => v[0]), ...(a.uses || []).map((u) => u[0])],
    choices: [
      { key: 'role', title: 'All roles', of: (a) => [a.role || 'unknown'], label },
      { key: 'level', title: 'All levels', of: (a) => [a.level === null ? 'unknown' : String(a.level)], label: (v) => (v === 'unknown' ? 'Level unknown' : 'Level ' + v) },
      { key: 'vendor', title: 'All vendors', of: (a) => [best(a, 'vendor') || 'unknown'] },
      { key: 'proto', title: 'All protocols', of: (a) => (a.uses || []).map((u) => u[0]) },
    ],
    open: (a) => set({ asset: a.id, link: '', node: '' }),
    selected: (q) => assetOf.get(q.get('asset')),
    columns: [
      { key: 'name', title: 'Name', val: (a) => a.name, cls: 'name', show: (a) => el('span', { class: 'with-icon' }, icon(a.role), el('span', { class: 'data' }, a.name), mark(a)) },
      { key: 'ips', title: 'Addresses', val: (a) => ips(a)[0] || '', show: (a) => lines(ips(a)), csv: (a) => ips(a).join(' ') },
      { key: 'macs', title: 'MAC', val: (a) => macs(a)[0] || '', show: (a) => lines(macs(a)), csv: (a) => macs(a).join(' '), cls: 'mono' },
      { key: 'role', title: 'Role', val: (a) => a.role || '', show: (a) => (a.role ? [label(a.role), el('span', { class: 'muted' }, ' ' + a.sure + ' %')] : el('span', { class: 'muted' }, 'unknown')), cls: 'nowrap' },
      { key: 'level', title: 'Level', num: true, val: (a) => a.level, show: (a) => (a.level === null ? el('span', { class: 'muted' }, '–') : String(a.level)) },
      attrCol('vendor', 'Vendor'), attrCol('model', 'Model'), attrCol('order_number', 'Order number'), attrCol('firmware', 'Firmware'), attrCol('serial', 'Serial'),
      { key: 'uses', title: 'Protocols', val: (a) => [...new Set((a.uses || []).map((u) => u[0]))].join(' '), show: (a) => uses(a), cls: 'uses' },
      timeCol('first', 'First seen'), timeCol('last', 'Last seen'), numCol('packets', 'Packets'),
    ],
    extra: [
      { title: 'Role confidence', val: (a) => a.sure || '' }, { title: 'Why', val: (a) => a.why || '' }, { title: 'Operating system', val: (a) => best(a, 'os') },
      { title: 'Bytes', val: (a) => a.bytes }, { title: 'First frame', val: (a) => a.frame },
    ],
  }),

  conversations: () => ({
    title: 'Conversations', rows: data.convs, sort: '-packets', empty: 'No conversations were seen.', clears: ['of'],
    note: data.notes.find((x) => x.includes('conversations')),
    hay: (c) => [partyText(c.c), partyText(c.s), c.proto, c.t, portText(c), ...(c.ops || []).map((o) => o.fn + ' ' + (o.obj || '')), ...(c.session || []).map((s) => s.v)],
    choices: [
      { key: 'proto', title: 'All protocols', of: (c) => [c.proto, ...new Set((c.ops || []).map((o) => o.proto).filter(Boolean))] },
      { key: 'class', title: 'All classes', of: (c) => Object.keys(c.count), label },
      { key: 'cast', title: 'To one and to all', of: (c) => [c.s.group ? 'group' : 'one'], label: (v) => (v === 'one' ? 'To one host' : 'Broadcast, multicast') },
    ],
    filter: (q) => { const id = q.get('of'); return id && ((c) => c.c.a === id || c.s.a === id); },
    detail: conversationDetail,
    columns: [
      { key: 'c', title: 'Client', val: (c) => endAddr(c.c), show: (c) => el('div', { class: 'two' }, el('span', { class: 'chev', 'aria-hidden': 'true' }), el('div', null, party(c.c))), csv: (c) => partyText(c.c), cls: 'name' },
      { key: 's', title: 'Server', val: (c) => endAddr(c.s), show: (c) => party(c.s), csv: (c) => partyText(c.s) },
      { key: 'proto', title: 'Protocol', val: (c) => c.proto, show: (c) => [el('span', { class: c.known ? '' : 'muted' }, c.proto), el('div', { class: 'muted' }, c.t)] },
      { key: 'port', title: 'Port', num: true, val: (c) => c.port, show: (c) => portText(c), csv: (c) => portText(c) },
      numCol('packets', 'Packets'),
      { key: 'bytes', title: 'Bytes', num: true, val: (c) => c.bytes, show: (c) => bytes(c.bytes) },
      { key: 'ops', title: 'Operations', val: (c) => classesOf(c).reduce((m, [k]) => Math.max(m, weightOf[k] || 0), 0) || null, show: (c) => classesOf(c).map(([k, x]) => chip(k, x)),
        csv: (c) => classesOf(c).map(([k, x]) => k + ' ' + x).join('; '), cls: 'chips', hint: 'Sorted by the most consequential class' },
      { key: 'err', title: 'Errors', num: true, val: (c) => c.err, show: (c) => (c.err ? el('span', { class: 'error' }, n(c.err)) : el('span', { class: 'muted' }, '0')) },
      { key: 'period', title: 'Period', num: true, val: (c) => { const p = mainCycle(c); return p ? p[0] : null; }, show: (c) => period(mainCycle(c)), csv: (c) => { const p = mainCycle(c); return p ? p[0] : ''; }, csvTitle: 'Period (s)' },
      timeCol('first', 'First'), timeCol('last', 'Last'),
    ],
    extra: [{ title: 'Transport', val: (c) => c.t }, { title: 'VLAN', val: (c) => c.vlan || '' }, { title: 'First frame', val: (c) => c.frame }],
  }),

  protocols: () => ({
    title: 'Protocols', rows: data.protos, sort: '-packets', empty: 'No protocols were recognised.',
    hay: (p) => [p.proto, p.title, p.carrier],
    choices: [],
    open: (p) => { location.hash = link('conversations', { proto: p.proto }); },
    columns: [
      { key: 'proto', title: 'Protocol', val: (p) => p.proto, show: (p) => el('a', { href: link('conversations', { proto: p.proto }) }, p.proto), cls: 'name' },
      { key: 'title', title: 'Name', val: (p) => p.title || '' },
      { key: 'carrier', title: 'Carried in', val: (p) => p.carrier || '' },
      { key: 'clients', title: 'Clients', num: true, val: (p) => speakers(p.proto, 'client') },
      { key: 'servers', title: 'Servers', num: true, val: (p) => speakers(p.proto, 'server') },
      numCol('packets', 'Packets', 'What travels inside another protocol has messages only'), numCol('messages', 'Messages'),
      { key: 'malformed', title: 'Malformed', num: true, val: (p) => p.malformed, show: (p) => (p.malformed ? el('span', { class: 'error' }, n(p.malformed)) : el('span', { class: 'muted' }, '0')) },
      { key: 'bytes', title: 'Bytes', num: true, val: (p) => p.bytes, show: (p) => bytes(p.bytes) },
    ],
  }),

  findings: () => ({
    title: 'Findings', rows: data.findings, sort: 'severity', empty: 'Nothing stands out in this capture. What it does not contain, nobody can judge.', clears: ['f', 'of'],
    hay: (f) => [f.severity, f.title, f.text, f.check, ...f.assets],
    choices: [
      { key: 'severity', title: 'All severities', of: (f) => [f.severity], label },
      { key: 'check', title: 'All kinds', of: (f) => [f.check], label },
    ],
    filter: (q) => { const id = q.get('of'); return id && ((f) => f.assets.includes(id)); },
    selected: (q) => data.findings.find((f) => f.id === q.get('f')),
    columns: [
      { key: 'severity', title: 'Severity', val: (f) => ['critical', 'high', 'medium', 'low', 'info'].indexOf(f.severity), show: (f) => sev(f.severity), csv: (f) => f.severity, cls: 'nowrap' },
      { key: 'title', title: 'Finding', val: (f) => f.title, cls: 'title' },
      { key: 'text', title: 'What was seen', val: (f) => f.text, cls: 'text' },
      { key: 'assets', title: 'Assets', val: (f) => f.assets.join(' '), show: (f) => f.assets.map((id) => el('div', null, assetLink(id))) },
      { key: 'frames', title: 'Frames', val: (f) => f.frames[0] ?? null, show: (f) => frameList(f.frames), csv: (f) => f.frames.join(' '), cls: 'framecol' },
    ],
  }),

  outside: () => ({
    title: 'Peers outside the plant', rows: data.external, sort: '-packets', empty: 'No traffic with public addresses was seen.',
    hay: (x) => [x.ip, ...(x.names || [])],
    choices: [],
    open: (x) => { location.hash = link('conversations', { q: x.ip }); },
    columns: [
      { key: 'ip', title: 'Address', val: (x) => x.ip, show: (x) => el('a', { href: link('conversations', { q: x.ip }) }, x.ip), cls: 'name' },
      { key: 'names', title: 'Names', val: (x) => (x.names || []).join(' '), show: (x) => lines(x.names || []) },
      numCol('packets', 'Packets'),
      { key: 'bytes', title: 'Bytes', num: true, val: (x) => x.bytes, show: (x) => bytes(x.bytes) },
      timeCol('first', 'First seen'), timeCol('last', 'Last seen'),
      { key: 'frame', title: 'First frame', num: true, val: (x) => x.frame, show: (x) => String(x.frame) },
    ],
  }),
};

function speakers(proto, as) {
  let x = 0;
  for (const a of data.assets) if ((a.uses || []).some((u) => u[0] === proto && u[1] === as)) x++;
  return x;
}

function assetLink(id) {
  if (id === 'internet') return 'Internet';
  const a = assetOf.get(id);
  return a ? el('a', { href: panelLink({ asset: id }), class: 'data' }, a.name) : id;
}

function uses(a) {
  const list = [...new Set((a.uses || []).map((u) => u[0]))];
  return [list.slice(0, 6).join(', '), list.length > 6 ? el('span', { class: 'muted' }, ' + ' + (list.length - 6)) : ''];
}

// worst is the gravest finding about an asset, if any.
function worst(id) {
  const f = findsOf.get(id);
  return f && f[0].severity;
}
function mark(a) {
  const w = worst(a.id);
  return w && w !== 'info' ? el('span', { class: 'dot ' + w, title: plural(findsOf.get(a.id).length, 'finding') + ', worst: ' + w }) : '';
}
