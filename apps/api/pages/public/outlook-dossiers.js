/* The dossiers behind a number of the outlook. */
import { ask, element, inBoth, told, trying } from './own.js';
import { heading, hours, moment, MORE, NOBODY, PROCEDURE, wordsOf } from './outlook-words.js';

/** @returns the answer's body; undefined once it was told what is wrong */
export async function got(path) {
  const answer = await ask('GET', path);
  if (answer.ok) return answer.body;
  if (answer.status === 401 && answer.body.type.endsWith('/not-signed-in')) {
    const back = encodeURIComponent(location.pathname + location.search);
    location.assign(`/sign-in?returnTo=${back}`);
  } else await told(answer.body.type, answer.body);
  return undefined;
}

/** A number; pressed, it shows its dossiers beneath its line, or takes them away. */
export function opener(count, path, column, names, width) {
  const label = `${count}: ${names.map(({ textContent }) => textContent).join(', ')}, ${column.vi}`;
  const button = element(
    'button',
    { type: 'button', 'aria-expanded': 'false', 'aria-label': label },
    String(count),
  );
  button.addEventListener('click', () =>
    trying(async () => {
      const line = button.closest('tr');
      const isOpen = button.getAttribute('aria-expanded') === 'true';
      if (line.nextElementSibling?.classList.contains('opened')) line.nextElementSibling.remove();
      for (const other of line.querySelectorAll('button')) other.setAttribute('aria-expanded', 'false');
      if (isOpen) return;
      button.setAttribute('aria-expanded', 'true');
      const place = element('td', { colspan: String(width) });
      line.after(element('tr', { class: 'opened' }, place));
      await showDossiers(place, path);
    }),
  );
  return button;
}

async function showDossiers(place, path) {
  const rows = element('tbody', {});
  const heads = [
    { vi: 'Mã hồ sơ', en: 'Dossier' },
    PROCEDURE,
    { vi: 'Nơi giữ', en: 'With' },
    { vi: 'Đến hạn', en: 'Due' },
    { vi: 'Bước hiện tại', en: 'Present step, since' },
    { vi: 'Trễ hoặc dự báo', en: 'Late, or forecast' },
  ];
  const more = element('button', { type: 'button', class: 'more', hidden: '' }, ...inBoth(MORE));
  place.append(
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...heads.map((words) => heading(words)))),
      rows,
    ),
    more,
  );
  let next = null;
  const load = async () => {
    const page = await got(next === null ? path : `${path}&cursor=${encodeURIComponent(next)}`);
    if (!page) return;
    rows.append(...page.items.map(dossierLine));
    next = page.next;
    more.hidden = next === null;
  };
  more.addEventListener('click', () => trying(load));
  await load();
}

function dossierLine({
  code,
  procedure,
  unit,
  official,
  state,
  since,
  dueAt,
  spent,
  late,
  willBeLate,
  forecast,
}) {
  const small = (words) => element('small', {}, ...inBoth(words));
  const judged = [];
  if (late !== null)
    judged.push(
      ...inBoth({ vi: `Trễ ${hours(late)} giờ làm việc`, en: `${hours(late)} working hours late` }),
    );
  if (willBeLate !== null)
    judged.push(element('span', { class: willBeLate }, ...inBoth(wordsOf(willBeLate))));
  if (forecast !== null) {
    const { cases, median, p90, left } = forecast;
    judged.push(
      small({
        vi: `Được phép ${hours(left)} giờ; ${cases} hồ sơ trước: trung vị ${hours(median)}, 90 % trong ${hours(p90)} giờ.`,
        en: `${hours(left)} h were left; ${cases} before it: median ${hours(median)} h, 90 % within ${hours(p90)} h.`,
      }),
    );
  }
  const step = [...inBoth(wordsOf(state)), element('small', {}, moment(since))];
  if (spent !== null)
    step.push(small({ vi: `đã ${hours(spent)} giờ làm việc`, en: `${hours(spent)} working hours` }));
  return element(
    'tr',
    {},
    element(
      'td',
      { class: 'code' },
      element('a', { href: `/api/dossiers/${encodeURIComponent(code)}` }, code),
    ),
    element('td', {}, procedure),
    element('td', {}, unit, element('small', {}, official ?? `${NOBODY.vi}`)),
    element('td', {}, moment(dueAt)),
    element('td', {}, ...step),
    element('td', {}, ...judged),
  );
}
