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

/**
 * Says in both languages what is wrong and how to mend it; without the problem itself, what its kind is called. What is
 * wrong with a single field, the answer says in Vietnamese only.
 */
export async function told(type, problem) {
  const { ok, body: kind } = await ask('GET', type);
  if (!ok) return;
  const fields = problem?.errors?.map((each) => each.detail).join(' ');
  if (!problem || fields) fail({ vi: fields ?? kind.title.vi, en: kind.title.en });
  else fail({ vi: problem.detail, en: filled(kind.detail.en, problem) });
}

/** Members of the problem stand in braces. */
const filled = (words, problem) =>
  words.replace(/\{(\w+)\}/g, (_, name) => [problem[name] ?? '–'].flat().join(', '));

/** Does something, and says so where it could not be done. */
export async function trying(work) {
  for (const said of document.querySelectorAll('#problem, #done')) said.hidden = true;
  try {
    await work();
  } catch {
    fail(LOST);
  }
}

/**
 * Does something while its button rests. Whoever works by the keyboard is at the button again afterwards, unless he was
 * led elsewhere; or, where that is gone, at what was said.
 */
export async function resting(button, work) {
  button.disabled = true;
  await trying(work);
  button.disabled = false;
  if (document.activeElement === document.body) (button.checkVisibility() ? button : byId('done'))?.focus();
}

/** What a form does; its button rests meanwhile, and what was typed is gone once it is done. */
export function onSubmit(id, work) {
  const form = byId(id);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void resting(form.querySelector('[type=submit]'), async () => {
      if (await work()) form.reset();
    });
  });
}
