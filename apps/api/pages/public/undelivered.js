/* What could not be sent, for whoever may have it sent again. */
import { byId, commandKey, element, inBoth, resting, sent, trying } from './own.js';
import { got } from './outlook-dossiers.js';
import { ABOUT } from './inbox-words.js';
import { heading, moment, MORE, NOTHING, UNIT } from './outlook-words.js';

const AGAIN = { vi: 'Gửi lại', en: 'Send again' };
const ON_ITS_WAY = { vi: 'Đang gửi lại.', en: 'On its way again.' };
const CHANNEL = { email: { vi: 'Thư điện tử', en: 'Mail' }, webhook: { vi: 'Web hook', en: 'Web hook' } };
const HEADS = [
  { vi: 'Mã hồ sơ', en: 'Dossier' },
  UNIT,
  { vi: 'Việc', en: 'About' },
  { vi: 'Gửi tới', en: 'To' },
  { vi: 'Không gửi được', en: 'Given up' },
];

/** @param who as `/api/session` tells of him */
export async function showUndelivered({ grants }) {
  const mayRetry = grants.some(({ role }) => role === 'supervisor');
  const rows = element('tbody', {});
  const more = element('button', { type: 'button', class: 'more' }, ...inBoth(MORE));
  let next = null;
  const load = async () => {
    const cursor = next === null ? '' : `?cursor=${encodeURIComponent(next)}`;
    const page = await got(`/api/undelivered${cursor}`);
    if (!page) return;
    rows.append(...page.items.map((item) => lineOf(item, mayRetry)));
    next = page.next;
    more.hidden = next === null;
  };
  more.addEventListener('click', () => trying(load));
  await load();
  if (rows.children.length === 0) {
    byId('undelivered').replaceChildren(element('p', {}, ...inBoth(NOTHING)));
    return;
  }
  const heads = element('tr', {}, ...HEADS.map((words) => heading(words)), element('td', {}));
  byId('undelivered').replaceChildren(element('table', {}, element('thead', {}, heads), rows), more);
}

function lineOf({ key, code, unit, about, channel, to, attempts, failedAt, reason }, mayRetry) {
  const times = { vi: `${attempts} lần thử: ${reason}`, en: `after ${attempts} attempts` };
  const dossier = element('a', { href: `/api/dossiers/${encodeURIComponent(code)}` }, code);
  return element(
    'tr',
    {},
    element('td', {}, dossier),
    element('td', {}, unit),
    element('td', {}, ...inBoth(ABOUT[about])),
    element('td', {}, to, element('small', {}, ...inBoth(CHANNEL[channel]))),
    element('td', {}, moment(failedAt), element('small', {}, ...inBoth(times))),
    element('td', {}, ...(mayRetry ? [retryOf(key, code)] : [])),
  );
}

/** One key for the button: pressed again after a broken connection, it is the same command. */
function retryOf(key, code) {
  const headers = commandKey();
  const button = element('button', { type: 'button' }, ...inBoth(AGAIN));
  button.setAttribute('aria-label', `${AGAIN.vi}: ${code}`);
  button.addEventListener('click', () =>
    resting(button, async () => {
      if (!(await sent('POST', `/api/undelivered/${key}/retry`, {}, headers))) return;
      const said = element('span', { role: 'status', tabindex: '-1' }, ...inBoth(ON_ITS_WAY));
      button.replaceWith(said);
      said.focus();
    }),
  );
  return button;
}
