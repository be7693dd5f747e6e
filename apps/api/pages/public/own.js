/* What the pages share on which somebody signs in and sees to his account. */
export const byId = (id) => document.getElementById(id);
const LOST = { vi: 'Không kết nối được; hãy thử lại.', en: 'No connection; try again.' };
let csrfToken = null;

/** To be sent along from now on. */
export function keepToken(token) {
  csrfToken = token;
}

/** An element with texts and elements in it; texts are never read as HTML. */
export function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

export const inBoth = ({ vi, en }) => [`${vi} `, element('span', { lang: 'en' }, en)];

export function fail(words) {
  const problem = byId('problem');
  problem.replaceChildren(...inBoth(words));
  problem.hidden = false;
  problem.scrollIntoView({ block: 'nearest' });
}

export async function ask(method, path, body, headers = {}) {
  const answer = await fetch(path, {
    method,
    headers: {
      'accept-language': 'vi',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(csrfToken === null ? {} : { 'x-csrf-token': csrfToken }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    cache: 'no-store',
  });
  return { ok: answer.ok, status: answer.status, body: await answer.json() };
}

/** What a kind of problem is called, in both languages; with what is said of this one. */
export async function told(type, { detail, errors } = {}) {
  const { ok, body } = await ask('GET', type);
  const said = errors?.map((each) => each.detail).join(' ') ?? detail;
  if (ok) fail({ vi: said ?? body.title.vi, en: body.title.en });
}

/** Does something, and says so where it could not be done. */
export async function trying(work) {
  byId('problem').hidden = true;
  try {
    await work();
  } catch {
    fail(LOST);
  }
}
