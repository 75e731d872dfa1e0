'use strict';
// What packets said is shown by textContent only; nothing here parses markup.

const $ = (sel, root = document) => root.querySelector(sel);
const $$ = (sel, root = document) => [...root.querySelectorAll(sel)];
const data = JSON.parse($('#data').textContent);

// fill adds attributes and children; strings become text.
function fill(e, attrs, kids) {
  for (const [k, v] of Object.entries(attrs || {})) {
    if (v === undefined || v === null || v === false) continue;
    if (k.startsWith('on')) e.addEventListener(k.slice(2), v);
    else if (k === 'text') e.textContent = v;
    else e.setAttribute(k, v === true ? '' : v);
  }
  for (const kid of kids.flat(4)) {
    if (kid === undefined || kid === null || kid === false || kid === '') continue;
    e.append(kid instanceof Node ? kid : document.createTextNode(String(kid)));
  }
  return e;
}
const el = (tag, attrs, ...kids) => fill(document.createElement(tag), attrs, kids);
const sv = (tag, attrs, ...kids) => fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attrs, kids);
const symbols = new Set($$('.defs symbol').map((s) => s.id));

// symbol is the drawing of a role; unknown roles have one too.
function symbol(role) {
  const id = 'i-' + (role || 'unknown');
  return sv('use', { href: '#' + (symbols.has(id) ? id : 'i-unknown') });
}
const icon = (role) => sv('svg', { class: 'role', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, symbol(role));

// The state of the page is its address: #view?key=value.
const state = { view: 'overview', q: new URLSearchParams() };
const views = $$('.tabs a').map((a) => a.id.slice(4));
const lastOf = {};

function hashOf(view, q) {
  const s = q.toString();
  return '#' + view + (s ? '?' + s : '');
}

function readHash() {
  const h = location.hash.slice(1);
  const cut = h.indexOf('?');
  const view = cut < 0 ? h : h.slice(0, cut);
  if (h && !views.includes(view)) return false; // an anchor, such as #main
  state.view = view || 'overview';
  state.q = new URLSearchParams(cut < 0 ? '' : h.slice(cut + 1));
  return true;
}

// set changes keys of the present view's address; empty values remove.
function set(changes, replace) {
  for (const [k, v] of Object.entries(changes)) {
    if (v === undefined || v === null || v === '') state.q.delete(k);
    else state.q.set(k, v);
  }
  const h = hashOf(state.view, state.q);
  if (replace) history.replaceState(null, '', h);
  else history.pushState(null, '', h);
  show();
}

// The keys that say what the panel shows.
const panelKeys = ['asset', 'link', 'node'];
const link = (view, q) => hashOf(view, new URLSearchParams(q));

function say(text) { $('#live').textContent = text; }

// Formats.
const n = (x) => Number(x || 0).toLocaleString('en-US');
const plural = (x, what) => n(x) + ' ' + what + (x === 1 ? '' : 's');

function bytes(x) {
  if (x < 1000) return x + ' B';
  for (const u of ['kB', 'MB', 'GB']) {
    x /= 1000;
    if (x < 1000) return x.toFixed(1) + ' ' + u;
  }
  return (x / 1000).toFixed(1) + ' TB';
}

function iso(us) {
  if (!us) return '';
  const d = new Date(Math.floor(us / 1000));
  if (isNaN(d)) return '';
  return d.toISOString().slice(0, -1) + String(us % 1000).padStart(3, '0') + 'Z';
}
const oneDay = iso(data.first).slice(0, 10) === iso(data.last).slice(0, 10);

function time(us) {
  const s = iso(us);
  if (!s) return '';
  return el('time', { datetime: s, title: s }, oneDay ? s.slice(11, 23) : s.slice(0, 10) + ' ' + s.slice(11, 19));
}

function seconds(s) {
  if (s < 1e-3) return (s * 1e6).toFixed(0) + ' µs';
  if (s < 1) return (s * 1e3).toFixed(s < .1 ? 1 : 0) + ' ms';
  if (s < 120) return s.toFixed(s < 10 ? 2 : 1) + ' s';
  if (s < 7200) return (s / 60).toFixed(1) + ' min';
  return (s / 3600).toFixed(1) + ' h';
}
const period = (c) => (c ? seconds(c[0]) + ' ± ' + seconds(c[1]) : '');

const acronyms = { plc: 'PLC', rtu: 'RTU', hmi: 'HMI', scada: 'SCADA', opc: 'OPC', io: 'I/O', cnc: 'CNC', ups: 'UPS', nas: 'NAS' };
function label(s) {
  return s.split('-').map((w, i) => acronyms[w] || (i ? w : w.charAt(0).toUpperCase() + w.slice(1))).join(' ');
}
const attrTitles = { os: 'Operating system', order_number: 'Order number', device_name: 'Name given by the plant', hostname: 'Host name',
  ip_assigned: 'Address stated', mac_stated: 'Hardware address stated', client_id: 'Client id', instance_id: 'Instance',
  program_id: 'Program id', role_hint: 'Says it is', vlan: 'VLAN' };
const attrTitle = (k) => attrTitles[k] || (k.charAt(0).toUpperCase() + k.slice(1)).replaceAll('_', ' ');

// The four colours of operation classes.
const kinds = { firmware: 'change', program: 'change', control: 'change', configure: 'write', write: 'write', read: 'read', data: 'read' };
const kindOf = (cls) => kinds[cls] || 'look';
const kindTitles = { change: 'Control, program, firmware', write: 'Write, configure', read: 'Read, cyclic data', look: 'Discover, diagnose, other' };
const weightOf = { firmware: 10, program: 9, control: 8, configure: 7, write: 6, read: 5, data: 4, login: 3, diagnose: 2, discover: 1 };
const chip = (cls, count) => el('span', { class: 'cls ' + kindOf(cls) }, cls, count === undefined ? '' : ' ' + n(count));
const sev = (s) => el('span', { class: 'sev ' + s }, s);
// Frame numbers are written without separators, to be copied into another tool.
const frameList = (fs) => fs.slice(0, 8).join(', ') + (fs.length > 8 ? ', …' : '');
const frameWords = (fs) => (fs.length > 1 ? 'frames ' : 'frame ') + frameList(fs);

// What belongs together.
const assetOf = new Map(data.assets.map((a) => [a.id, a]));
const convsOf = new Map();
for (const [i, c] of data.convs.entries()) {
  c.i = i;
  c.count = {};
  c.err = 0;
  for (const o of c.ops || []) {
    c.err += o.reply ? 0 : o.err || 0;
    if (!o.reply) c.count[o.cls] = (c.count[o.cls] || 0) + (o.req || o.rsp);
  }
  for (const id of new Set([c.c.a, c.s.a])) {
    if (!id) continue;
    if (!convsOf.has(id)) convsOf.set(id, []);
    convsOf.get(id).push(c);
  }
}
const findsOf = new Map();
for (const f of data.findings) for (const id of f.assets) findsOf.set(id, [...(findsOf.get(id) || []), f]);

const best = (a, k) => (a.at && a.at[k] ? a.at[k][0][0] : '');
const macs = (a) => a.ifs.map((i) => i.mac).filter(Boolean);
const ips = (a) => a.ifs.flatMap((i) => i.ips || []);
const classesOf = (c) => Object.entries(c.count).filter(([, x]) => x > 0).sort((x, y) => (weightOf[y[0]] || 0) - (weightOf[x[0]] || 0));

function endAddr(e) { return e.ip || e.mac || (e.many ? 'many hosts' : ''); }
function endName(e) {
  if (e.a === 'internet') return 'Internet';
  const a = e.a && assetOf.get(e.a);
  return a ? a.name : e.group ? (endAddr(e) === 'ff:ff:ff:ff:ff:ff' || e.ip === '255.255.255.255' ? 'Broadcast' : 'Multicast') : endAddr(e);
}
function mainCycle(c) {
  let o = null;
  for (const x of c.ops || []) if (x.cyc && (!o || x.req + x.rsp > o.req + o.rsp)) o = x;
  return o && o.cyc;
}
const portText = (c) => (c.ports ? c.ports + ' ports' : c.port !== undefined ? String(c.port) : '');
