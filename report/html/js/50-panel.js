// The panel: one asset, link or cluster of the map in detail.
const panel = $('#panel');
let panelOf = '', cameFrom = null;

function facts(pairs) {
  return el('dl', { class: 'facts' }, pairs.filter(([, v]) => v !== '' && v !== undefined && v !== null && !(Array.isArray(v) && !v.length))
    .map(([k, v]) => el('div', { class: 'pair' }, el('dt', null, k), el('dd', { class: 'data' }, v))));
}
const evidence = (src, sure, frame, count) => [src, sure ? sure + ' %' : '', frame ? 'frame ' + frame : '', count > 1 ? n(count) + ' times' : ''].filter(Boolean).join(' · ');

function saidRows(at) {
  return Object.keys(at || {}).sort((a, b) => collator.compare(attrTitle(a), attrTitle(b))).map((k) => [attrTitle(k), at[k].slice(0, 12).map((v, i) =>
    el('div', { class: i ? 'said other' : 'said' }, el('span', { class: 'data' }, v[0]), el('small', { class: 'muted' }, evidence(v[1], v[2], v[3], v[4]))))
    .concat(at[k].length > 12 ? el('small', { class: 'muted' }, '+ ' + (at[k].length - 12) + ' more values') : [])]);
}

function part(title, ...kids) { return el('section', null, el('h3', null, title), ...kids); }

// operationTable lists operations; each opens its targets.
function operationTable(c) {
  const ops = [...(c.ops || [])].sort((a, b) => (weightOf[b.cls] || 0) - (weightOf[a.cls] || 0) || (b.req + b.rsp) - (a.req + a.rsp));
  if (!ops.length) return el('p', { class: 'muted' }, c.known ? 'No operations were read.' : 'The protocol was not recognised, so its operations cannot be read.');
  return el('div', { class: 'scroll' }, el('table', { class: 'ops' },
    el('thead', null, el('tr', null, ['Operation', 'Class', 'Asked', 'Answered', 'Errors', 'Period'].map((t, i) => el('th', { class: (i > 1 ? 'num' : '') + (i === 5 ? ' wide-only' : ''), scope: 'col' }, t)))),
    el('tbody', null, ops.map((o) => operationRows(c, o)))));
}

function operationRows(c, o) {
  const targets = o.tg || [];
  const row = el('tr', { class: o.reply ? 'reply' : '' },
    el('td', { class: 'data' }, el('span', null, o.fn || 'code ' + o.code, o.obj && !o.fn.includes(o.obj) ? ' · ' + o.obj : ''),
      el('small', { class: 'muted' }, (o.proto ? o.proto + ' ' : '') + 'code ' + o.code + ' · frame ' + o.frame + (o.reply ? ' · an answer' : '')), o.cyc ? el('small', { class: 'muted every' }, 'every ' + period(o.cyc)) : '', o.st ? el('small', { class: 'error' }, o.st) : ''),
    el('td', null, chip(o.cls)), el('td', { class: 'num' }, n(o.req)), el('td', { class: 'num' }, n(o.rsp)),
    el('td', { class: 'num' }, o.err ? el('span', { class: 'error' }, n(o.err)) : '0'), el('td', { class: 'num wide-only' }, period(o.cyc)));
  if (!targets.length && !o.more) return [row];
  return [row, el('tr', { class: 'targets' }, el('td', { colspan: 6 }, targetList(o, targets)))];
}

function targetList(o, targets) {
  const d = el('details', null, el('summary', null, plural(targets.length, 'target'), o.more ? ' and ' + n(o.more) + ' not shown' : '',
    targets.length ? el('span', { class: 'muted data' }, ': ' + targets.slice(0, 3).map((t) => t.t + (t.v ? ' = ' + t.v : '')).join('; ') + (targets.length > 3 ? '; …' : '')) : ''));
  d.addEventListener('toggle', () => {
    if (!d.open || d.children.length > 1) return;
    d.append(el('table', { class: 'ops inner' },
      el('thead', null, el('tr', null, ['Target', 'Last value', 'Changes', 'Times', 'Errors', 'Period', 'Frame'].map((t, i) => el('th', { class: i > 1 ? 'num' : '', scope: 'col' }, t)))),
      el('tbody', null, targets.map((t) => el('tr', null, el('td', { class: 'data' }, t.t), el('td', { class: 'data mono' }, t.v || ''), el('td', { class: 'num' }, t.ch ? n(t.ch) : ''),
        el('td', { class: 'num' }, n(t.n)), el('td', { class: 'num' }, t.e ? el('span', { class: 'error' }, n(t.e)) : ''), el('td', { class: 'num' }, period(t.cyc)), el('td', { class: 'num' }, String(t.f)))))));
  });
  return d;
}

// conversationDetail is what a row of the table, or of the panel, opens to.
function conversationDetail(c) {
  const loss = [c.lost && bytes(c.lost) + ' missing', c.retx && n(c.retx) + ' retransmitted', c.refused && n(c.refused) + ' refused', c.unanswered && n(c.unanswered) + ' without answer'].filter(Boolean);
  return el('div', { class: 'conv-detail' },
    facts([
      ['Client sent', bytes(c.cb)], ['Server sent', bytes(c.sb)], [c.t === 'tcp' ? 'Connections' : 'Flows', n(c.flows)], ['Messages', n(c.messages)],
      ['VLAN', c.vlan || ''], ['First frame', String(c.frame)],
      ['Direction', c.certain ? '' : 'guessed from ports: the opening was not seen'], ['Note', c.reverse ? 'asked by the end that accepted the connection' : ''],
      ['Port is for', c.portProto || ''], ['Transport', loss.join(', ')],
      ['Malformed', c.bad ? n(c.bad) + (c.badWhy ? ': ' + c.badWhy : '') + (c.badAt ? ' (frame ' + c.badAt + ')' : '') : ''],
      ...(c.session || []).map((s) => [attrTitle(s.k.replace(/^session_/, '')), [s.v + ' ', el('small', { class: 'muted' }, evidence(s.src, s.conf, s.f, s.n))]]),
    ]),
    operationTable(c), c.crowded ? el('p', { class: 'muted' }, 'There was more than is kept of one conversation.') : '');
}

function convItem(c, self) {
  const out = c.c.a === self;
  const peer = out ? c.s : c.c;
  const d = el('details', { class: 'conv' }, el('summary', null,
    el('span', { class: 'dir', title: self ? (out ? 'is the client' : 'is the server') : '' }, self ? (out ? '→' : '←') : ''),
    el('span', { class: 'data' }, self ? partyText(peer) : partyText(c.c) + ' → ' + partyText(c.s)),
    el('span', { class: 'muted' }, c.proto + (c.port !== undefined ? ' ' + c.port : '') + ' · ' + plural(c.packets, 'packet')),
    el('span', { class: 'chipline' }, classesOf(c).map(([k, x]) => chip(k, x)))));
  d.addEventListener('toggle', () => { if (d.open && d.children.length === 1) d.append(conversationDetail(c)); });
  return d;
}

function convList(list, self) {
  const max = 60;
  const by = [...list].sort((a, b) => (a.s.group - b.s.group || 0) || (weightOf[b.cls] || 0) - (weightOf[a.cls] || 0) || b.packets - a.packets);
  return [by.slice(0, max).map((c) => convItem(c, self)), by.length > max ? el('p', { class: 'muted' }, 'and ' + n(by.length - max) + ' more') : ''];
}

function findItems(list) {
  return el('ul', { class: 'plain-list' }, list.slice(0, 20).map((f) => el('li', null, sev(f.severity), ' ', el('span', { class: 'data' }, f.text),
    f.frames.length ? el('small', { class: 'muted' }, frameWords(f.frames)) : '')));
}

function assetPanel(a) {
  const convs = convsOf.get(a.id) || [];
  const finds = findsOf.get(a.id) || [];
  return [a.name, a.role, [a.role ? label(a.role) : 'Role unknown', a.sure ? a.sure + ' %' : '', a.level !== null ? 'level ' + a.level : ''].filter(Boolean).join(' · '), [
    el('p', { class: 'links' }, el('a', { href: link('map', { asset: a.id }) }, 'On the map'), el('a', { href: link('conversations', { of: a.id }) }, plural(convs.length, 'conversation'))),
    finds.length ? part('What stands out', findItems(finds)) : '',
    (a.conflicts || []).length ? part('Contradictions', el('ul', { class: 'plain-list' }, a.conflicts.map((c) => el('li', { class: 'data' }, c.text, el('small', { class: 'muted' }, frameWords(c.frames)))))) : '',
    part('Why', facts([['Role', a.why || 'nothing in the traffic tells its role'], ['Level', a.levelWhy || (a.level === null ? 'not concluded' : '')]])),
    part('Identity', Object.keys(a.at || {}).length ? facts(saidRows(a.at)) : el('p', { class: 'muted' }, 'Nothing that it sent says what it is.')),
    part('Interfaces', facts(a.ifs.map((i) => [(i.ips || []).length || !i.mac ? 'Address' : 'Hardware', [(i.ips || []).map((x) => el('div', null, x)), i.mac ? el('div', { class: 'mono' }, i.mac) : '', i.vlan ? el('small', { class: 'muted' }, 'VLAN ' + i.vlan) : '']]))),
    (a.parts || []).length ? part('Parts', a.parts.slice(0, 100).map((p) => el('details', { class: 'conv' }, el('summary', null, el('span', { class: 'data' }, p.name)), facts(saidRows(p.at))))) : '',
    (a.uses || []).length ? part('Protocols', el('p', { class: 'chipline' }, a.uses.map((u) => el('span', { class: 'cls' }, u[0] + ' · ' + u[1])))) : '',
    part('Traffic', facts([['First seen', time(a.first)], ['Last seen', time(a.last)], ['Sent', n(a.packets) + ' packets, ' + bytes(a.bytes)], ['First frame', String(a.frame)]])),
    part('Conversations', convList(convs, a.id)),
  ]];
}

function linkPanel(l) {
  const a = data.map.nodes[l.a], b = data.map.nodes[l.b];
  const convs = l.refs.map((i) => data.convs[i]);
  const end = (x) => (assetOf.has(x.id) ? el('a', { href: panelLink({ asset: x.id }), class: 'data' }, x.name) : el('span', { class: 'data' }, x.name));
  return [a.name + (l.both ? ' ↔ ' : ' → ') + b.name, '', kindTitles[kindOf(l.class)] + ' · ' + n(l.packets) + ' packets · ' + bytes(l.bytes), [
    part('Between', facts([['Client', end(a)], ['Server', end(b)], ['Direction', l.both ? 'each asks the other' : '']])),
    part(plural(convs.length, 'conversation'), convList(convs, assetOf.has(a.id) ? a.id : '')),
  ]];
}

function nodePanel(x) {
  const list = (x.members || []).map((id) => assetOf.get(id)).filter(Boolean);
  const convs = data.map.links.filter((l) => data.map.nodes[l.a] === x || data.map.nodes[l.b] === x).flatMap((l) => l.refs).map((i) => data.convs[i]);
  return [x.name, x.role, [x.addr, list.length ? 'folded on the map, for there are too many to draw' : ''].filter(Boolean).join(' · '), [
    list.length ? part('Members', el('ul', { class: 'members' }, list.slice(0, 500).map((a) => el('li', null, el('a', { href: panelLink({ asset: a.id }), class: 'data' }, a.name),
      a.name !== ips(a)[0] ? el('span', { class: 'muted' }, ' ' + (ips(a)[0] || '')) : '', mark(a)))), list.length > 500 ? el('p', { class: 'muted' }, 'and ' + n(list.length - 500) + ' more') : '') : '',
    x.kind === 'internet' && data.external.length ? el('p', { class: 'links' }, el('a', { href: link('outside', {}) }, plural(data.external.length, 'public address').replace('addresss', 'addresses'))) : '',
    part('Conversations', convList(convs, '')),
  ]];
}

// what the address asks the panel to show: title, role, subtitle, body.
function wanted(q) {
  if (assetOf.has(q.get('asset'))) return assetPanel(assetOf.get(q.get('asset')));
  const l = q.has('link') && data.map.links[q.get('link')];
  if (l) return linkPanel(l);
  const x = q.has('node') && data.map.nodes.find((y) => y.id === q.get('node'));
  return x ? nodePanel(x) : null;
}

const closePanel = () => set({ asset: '', link: '', node: '' });

function showPanel(q) {
  const key = [q.get('asset'), q.get('link'), q.get('node')].join('|');
  const w = wanted(q);
  document.body.classList.toggle('with-panel', !!w);
  if (w && key === panelOf && !panel.hidden) return;
  const was = !panel.hidden;
  panel.hidden = !w;
  panelOf = key;
  if (!w) {
    panel.replaceChildren();
    if (was && cameFrom && cameFrom.isConnected) cameFrom.focus({ preventScroll: true });
    return;
  }
  if (!was) cameFrom = document.activeElement;
  const [title, role, sub, body] = w;
  const head = el('h2', { tabindex: '-1', class: 'data' }, title);
  panel.replaceChildren(
    el('header', null, role !== '' || assetOf.has(q.get('asset')) ? icon(role) : '', el('div', { class: 'titles' }, head, el('div', { class: 'muted data' }, sub)),
      el('button', { type: 'button', class: 'icon', 'aria-label': 'Close', title: 'Close (Esc)', onclick: closePanel }, sv('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, sv('path', { d: 'M6 6l12 12M18 6L6 18' })))),
    el('div', { class: 'panel-body' }, body));
  head.focus({ preventScroll: true });
}
