/* How somebody wants to be reached by mail, and when not. */
import { byId, done, element, inBoth, onSubmit, sent } from './own.js';

const PATH = '/api/account/notifications';
const MOST_QUIET_HOURS = 10;
const SAVED = { vi: 'Đã lưu cách nhận nhắc việc.', en: 'How you are reached is saved.' };
const FROM = { vi: 'Từ', en: 'From' };
const TO = { vi: 'Đến', en: 'To' };
const REMOVE = { vi: 'Bỏ', en: 'Remove' };

const ways = () => [...byId('reach').elements.mail];
const rows = () => [...byId('quiet-hours').children];

/** What is stored; not again once it is shown, lest what was typed since be lost. */
export async function showNotifications() {
  if (!byId('notifications').hidden) return;
  const stored = await sent('GET', PATH);
  if (!stored) return;
  show(stored);
  byId('notifications').hidden = false;
}

function show({ address, mail, quietHours }) {
  byId('mail-address').value = address ?? '';
  for (const way of ways()) way.checked = way.value === mail;
  byId('quiet-hours').replaceChildren(...quietHours.map(rowOf));
  counted();
}

function rowOf({ from, to }) {
  const remove = element('button', { type: 'button', class: 'quiet small' }, ...inBoth(REMOVE));
  const row = element('li', {}, timeOf(FROM, from), timeOf(TO, to), remove);
  remove.addEventListener('click', () => {
    row.remove();
    counted();
    // Where the keyboard was is gone.
    byId('add-quiet').focus();
  });
  return row;
}

function timeOf(words, value) {
  const time = element('input', { type: 'time', required: '' });
  time.value = value;
  return element('label', {}, ...inBoth(words), time);
}

function counted() {
  byId('add-quiet').disabled = rows().length >= MOST_QUIET_HOURS;
}

byId('add-quiet').addEventListener('click', () => {
  const row = rowOf({ from: '', to: '' });
  byId('quiet-hours').append(row);
  counted();
  row.querySelector('input').focus();
});

onSubmit('reach', async () => {
  const address = byId('mail-address').value.trim();
  const saved = await sent('PUT', PATH, {
    ...(address === '' ? {} : { address }),
    mail: ways().find(({ checked }) => checked).value,
    quietHours: rows().map((row) => {
      const [from, to] = [...row.querySelectorAll('input')].map(({ value }) => value);
      return { from, to };
    }),
  });
  if (!saved) return false;
  show(saved);
  done(SAVED);
  // What is shown is what is stored, and stays.
  return false;
});
