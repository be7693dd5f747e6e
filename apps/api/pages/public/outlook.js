/* What a supervisor has to expect: numbers by unit and official, each of which opens to its dossiers. */
import { byId, inBoth, keepToken, trying } from './own.js';
import { got } from './outlook-dossiers.js';
import { qualityTable, tableOf } from './outlook-tables.js';
import { COUNT, dateWords, moment, wordsOf } from './outlook-words.js';
import { showUndelivered } from './undelivered.js';

const CHANCES = ['likely', 'possible', 'unlikely', 'unknown'];
const partsIn = (groups) => [...new Set(groups.map(({ part }) => part))].sort();
const TABLES = [
  { kind: 'late', parts: () => [null], nameOf: () => COUNT, total: false, since: true },
  { kind: 'due', parts: partsIn, nameOf: dateWords, total: true, since: false },
  { kind: 'forecast', parts: () => CHANCES, nameOf: wordsOf, total: false, since: false },
  { kind: 'still', parts: partsIn, nameOf: wordsOf, total: false, since: true },
];

async function show(who) {
  const query = new URLSearchParams({ days: byId('days').value });
  const unit = byId('unit').value.trim();
  if (unit !== '') query.set('unit', unit);
  const [found, quality] = await Promise.all([
    got(`/api/outlook?${query.toString()}`),
    got('/api/outlook/forecast-quality'),
  ]);
  if (!found || !quality) return;
  await showUndelivered(who);
  history.replaceState(null, '', `${location.pathname}?${query.toString()}`);
  for (const table of TABLES) byId(table.kind).replaceChildren(tableOf(found.groups, table));
  byId('quality').replaceChildren(...qualityTable(quality));
  const asOf = moment(found.asOf);
  byId('as-of').replaceChildren(...inBoth({ vi: `Lúc ${asOf}.`, en: `As of ${asOf}.` }));
  byId('result').hidden = false;
}

const asked = new URLSearchParams(location.search);
if (/^\d{1,2}$/.test(asked.get('days') ?? '')) byId('days').value = asked.get('days');
byId('unit').value = asked.get('unit') ?? '';
void trying(async () => {
  const who = await got('/api/session');
  if (!who) return;
  keepToken(who.csrfToken);
  byId('form').addEventListener('submit', (event) => {
    event.preventDefault();
    void trying(() => show(who));
  });
  // Whoever may not see it is told so, and offered nothing.
  byId('form').hidden = !who.grants.some(({ role }) => role === 'supervisor' || role === 'auditor');
  await show(who);
});
