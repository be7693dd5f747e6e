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

export function done(words) {
  byId('done').replaceChildren(...inBoth(words));
  byId('done').hidden = false;
  byId('done').scrollIntoView({ block: 'nearest' });
}

/**
 * Sends something, and says what is wrong with it; who is not signed in is led to where he can.
 * @returns the answer's body, or undefined
 */
export async function sent(method, path, body, headers) {
  const answer = await ask(method, path, body, headers);
  if (answer.ok) return answer.body;
  if (answer.status === 401 && answer.body.type.endsWith('/not-signed-in')) {
    location.assign(`/sign-in?returnTo=${location.pathname}`);
  } else await told(answer.body.type, answer.body);
  return undefined;
}

/** Headers of a command that is given once; made so that it works without https, too. */
export function commandKey() {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return { 'idempotency-key': random.reduce((key, byte) => key + byte.toString(16).padStart(2, '0'), '') };
}

/** What a kind of problem is called, in both languages; with what is said of this one. */
export async function told(type, { detail, errors } = {}) {
  const { ok, body } = await ask('GET', type);
  const said = errors?.map((each) => each.detail).join(' ') ?? detail;
  if (ok) fail({ vi: said ?? body.title.vi, en: body.title.en });
}

/** Does something, and says so where it could not be done. */
export async function trying(work) {
  for (const said of document.querySelectorAll('#problem, #done')) said.hidden = true;
  try {
    await work();
  } catch {
    fail(LOST);
  }
}

/** What a form does; its button rests meanwhile, and what was typed is gone once it is done. */
export function onSubmit(id, work) {
  const form = byId(id);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('[type=submit]');
    button.disabled = true;
    await trying(async () => {
      if (await work()) form.reset();
    });
    button.disabled = false;
  });
}
