/* The numbers of the outlook, and how good its forecast was. */
import { byId, element, inBoth } from './own.js';
import { opener } from './outlook-dossiers.js';
import {
  ALL,
  heading,
  moment,
  NOBODY,
  NOTHING,
  OFFICIAL,
  PROCEDURE,
  SINCE,
  UNIT,
  wordsOf,
} from './outlook-words.js';

/** A table for one kind of groups; parts become columns. */
export function tableOf(groups, { kind, parts, nameOf, total, since }) {
  const mine = groups.filter((group) => group.kind === kind);
  if (mine.length === 0) return element('p', {}, ...inBoth(NOTHING));
  const columns = parts(mine);
  const head = [UNIT, OFFICIAL, ...columns.map(nameOf), ...(total ? [ALL] : []), ...(since ? [SINCE] : [])];
  const rows = new Map();
  for (const group of mine) {
    const key = JSON.stringify([group.unit, group.official]);
    rows.set(key, [...(rows.get(key) ?? []), group]);
  }
  const lineOf = (of, names, narrowed) => {
    const numbers = columns.map((part) => [nameOf(part), part, of.filter((group) => group.part === part)]);
    if (total) numbers.push([ALL, undefined, of]);
    const line = element('tr', {}, ...names);
    for (const [column, part, found] of numbers) {
      const sum = found.reduce((all, { count }) => all + count, 0);
      const path = narrowed(found[0], part);
      line.append(
        element('td', { class: 'number' }, sum === 0 ? '–' : opener(sum, path, column, names, head.length)),
      );
    }
    if (since) line.append(element('td', {}, moment(of.map(({ first }) => first).sort()[0] ?? null)));
    return line;
  };
  const body = [...rows.values()].map((of) => {
    const [{ unit, official }] = of;
    const names = [
      element('th', { scope: 'row' }, unit),
      element('td', {}, ...(official ? [official] : inBoth(NOBODY))),
    ];
    return lineOf(of, names, (group, part) => group && listOf(group, part === undefined ? ['part'] : []));
  });
  const everywhere = ['assigned', 'official', ...(byId('unit').value.trim() === '' ? ['unit'] : [])];
  const sums = lineOf(
    mine,
    [element('th', { scope: 'row', colspan: '2' }, ...inBoth(ALL))],
    (group, part) => group && listOf(group, part === undefined ? [...everywhere, 'part'] : everywhere),
  );
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head.map((words) => heading(words)))),
    element('tbody', {}, ...body),
    element('tfoot', {}, ...(rows.size > 1 ? [sums] : [])),
  );
}

/** Where the dossiers of a group are, and of others beside it. */
function listOf({ list }, without) {
  const url = new URL(list, location.origin);
  for (const name of without) url.searchParams.delete(name);
  return url.pathname + url.search;
}

/** Late of all of which that was said. */
function shareOf(procedures, said) {
  const sum = (name) => procedures.reduce((all, each) => all + each[name], 0);
  const late = sum(`${said}_late`);
  const all = late + sum(`${said}_on_time`);
  return all === 0 ? '–' : `${late} / ${all} (${Math.round((100 * late) / all)} %)`;
}

export function qualityTable({ procedures, fewestCases, mostCases }) {
  const columns = ['likely', 'possible', 'unlikely', 'unsaid'];
  const basis = {
    vi: `Mỗi dự báo dựa trên ${fewestCases} đến ${mostCases} hồ sơ đã xong gần nhất của cùng thủ tục, trạng thái và đơn vị.`,
    en: `Each forecast rests on the last ${fewestCases} to ${mostCases} finished dossiers of the same procedure, state and unit.`,
  };
  const line = (name, of) =>
    element('tr', {}, name, ...columns.map((said) => element('td', { class: 'number' }, shareOf(of, said))));
  const named = columns.map((said) => wordsOf(said === 'unsaid' ? 'unknown' : said));
  return [
    element('p', { class: 'hint' }, ...inBoth(basis)),
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...[PROCEDURE, ...named].map((words) => heading(words)))),
      element(
        'tbody',
        {},
        ...procedures.map((each) => line(element('th', { scope: 'row' }, each.procedure), [each])),
      ),
      element('tfoot', {}, line(heading(ALL, 'row'), procedures)),
    ),
  ];
}
