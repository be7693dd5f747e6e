/* Reminders to whoever is signed in, the newest first; new ones come by themselves. */
import { byId, commandKey, element, inBoth, keepToken, sent, trying } from './own.js';
import { ABOUT, STATE, WAITING } from './inbox-words.js';

const PAGE = 50;
/** The most that one answer holds. */
const MOST = 200;
/** Read at most so often, however many reminders there are to others. */
const GAP_MS = 2_000;
/** A page at which nobody has been for so long asks for nothing, lest it keep a session alive. */
const REST_MS = 10 * 60_000;
const READ = { vi: 'Đánh dấu đã đọc', en: 'Mark as read' };
const LATE = { vi: 'Quá hạn', en: 'late' };
const at = new Intl.DateTimeFormat('vi', { dateStyle: 'short', timeStyle: 'short' });

let wanted = PAGE;
/** Every event up to here is in what is shown. */
let position = 0;
let latest = 0;
let source;
let timer = false;
let begunAt = 0;
let touchedAt = 0;
let missed = false;

async function itemsUpTo(count, atLeast) {
  const items = [];
  let next = null;
  let first;
  do {
    const cursor = next === null ? '' : `&cursor=${next}`;
    const limit = Math.min(MOST, count - items.length);
    const page = await sent('GET', `/api/inbox?limit=${limit}&atLeast=${atLeast}${cursor}`);
    if (!page) return undefined;
    first ??= page.position;
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < count);
  return { items, position: first, more: next !== null };
}

/** Shows what there is now, and follows what comes. @param atLeast the position of what was just done */
async function refresh(atLeast = position) {
  const mine = ++latest;
  begunAt = performance.now();
  missed = false;
  const found = await itemsUpTo(wanted, atLeast);
  const unread = found && (await sent('GET', `/api/inbox/unread?atLeast=${found.position}`));
  if (!unread || mine !== latest) return;
  position = found.position;
  show(found, unread.count);
  if (source?.readyState !== EventSource.OPEN && source?.readyState !== EventSource.CONNECTING) follow();
}

function show({ items, more }, unread) {
  byId('count').replaceChildren(...inBoth({ vi: `${unread} chưa đọc`, en: `${unread} unread` }));
  document.title = `${unread > 0 ? `(${unread}) ` : ''}Nhắc việc – Reminders`;
  byId('all-read').disabled = unread === 0;
  byId('all-read').onclick = () => markRead({ ...nameOf(items[0]), before: true });
  byId('none').hidden = items.length > 0;
  byId('older').hidden = !more;
  keepingFocus(() => byId('items').replaceChildren(...items.map(itemOf)));
  byId('inbox').hidden = false;
  byId('calendar').hidden = false;
}

/** Whoever works by the keyboard stays where he was: at the same thing, or else at its reminder, or at the heading. */
function keepingFocus(work) {
  const focused = document.activeElement;
  const key = focused.closest('#items li')?.dataset.key;
  work();
  if (key === undefined) return;
  const item = [...byId('items').children].find(({ dataset }) => dataset.key === key);
  (item?.querySelector(focused.localName) ?? item?.querySelector('.about') ?? byId('count')).focus();
}

const nameOf = ({ code, reminder }) => ({ code, reminder });

function itemOf({ code, reminder, about, dueAt, raisedAt, readAt, state }) {
  const what = element('p', { class: 'about', tabindex: '-1' }, ...inBoth(ABOUT[about]));
  // The dossier of whoever may not list it any more is not offered to him.
  const dossier =
    state === null ? code : element('a', { href: `/api/dossiers/${encodeURIComponent(code)}` }, code);
  const item = element(
    'li',
    {},
    what,
    element('p', {}, dossier, ...stateOf(state)),
    dueOf(about, dueAt, raisedAt),
  );
  item.dataset.key = `${code} ${reminder}`;
  if (readAt !== null) return item;
  const read = element('button', { type: 'button', class: 'small' }, ...inBoth(READ));
  read.setAttribute('aria-label', `${READ.vi}: ${code}`);
  read.addEventListener('click', () => markRead({ code, reminder }));
  item.classList.add('unread');
  item.append(read);
  return item;
}

const stateOf = (state) => (state === null ? [] : [' · ', ...inBoth(STATE[state])]);

function dueOf(about, dueAt, raisedAt) {
  const when = at.format(new Date(dueAt));
  const told = { vi: `nhắc lúc ${at.format(new Date(raisedAt))}`, en: 'raised' };
  if (WAITING.includes(about)) {
    return element('p', {}, ...inBoth({ vi: `Chờ từ ${when}`, en: 'waiting since' }), ' · ', ...inBoth(told));
  }
  const line = element('p', {}, ...inBoth({ vi: `Hạn ${when}`, en: 'due' }), ' · ', ...inBoth(told));
  if (raisedAt >= dueAt) line.prepend(element('span', { class: 'late' }, ...inBoth(LATE)), ' · ');
  return line;
}

function markRead(mark) {
  return trying(async () => {
    const marked = await sent('POST', '/api/inbox/read', mark, commandKey());
    if (marked) await refresh(Math.max(position, marked.position));
  });
}

/** Nothing is lost by a connection that breaks: each begins with where the inboxes are. */
function follow() {
  source = new EventSource('/api/updates');
  source.addEventListener('message', ({ data }) => {
    const moved = JSON.parse(data);
    if (moved.projection !== 'inbox' || moved.position <= position) return;
    missed = true;
    soon();
  });
  // The browser comes again by itself, but for a refusal; then whoever comes back here learns why.
  source.addEventListener('error', () => (missed ||= source.readyState === EventSource.CLOSED));
}

function soon() {
  if (timer || performance.now() - touchedAt > REST_MS) return;
  timer = true;
  setTimeout(
    () => {
      timer = false;
      refresh().catch(() => (missed = true));
    },
    Math.max(0, begunAt + GAP_MS - performance.now()),
  );
}

function touched() {
  touchedAt = performance.now();
  if (missed) soon();
}
for (const kind of ['pointerdown', 'pointermove', 'keydown', 'focus']) addEventListener(kind, touched);

byId('older').addEventListener('click', () => {
  wanted += PAGE;
  void trying(refresh);
});

void trying(async () => {
  const who = await sent('GET', '/api/session');
  if (!who) return;
  keepToken(who.csrfToken);
  await refresh();
});
