/* Signs in, and shows who is. */
const byId = (id) => document.getElementById(id);
const form = byId('form');
const problem = byId('problem');
const button = form.querySelector('button');

const LOST = { vi: 'Không kết nối được; hãy thử lại.', en: 'No connection; try again.' };
const MISSING = { vi: 'Nhập tài khoản và mật khẩu.', en: 'Type account and password.' };
let csrfToken = null;

/** An element with texts and elements in it; texts are never read as HTML. */
function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

const inBoth = ({ vi, en }) => [`${vi} `, element('span', { lang: 'en' }, en)];

function fail(words) {
  problem.replaceChildren(...inBoth(words));
  problem.hidden = false;
}

async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: {
      'accept-language': 'vi',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(csrfToken === null ? {} : { 'x-csrf-token': csrfToken }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    cache: 'no-store',
  });
  return { ok: answer.ok, body: await answer.json() };
}

/** What a kind of problem is called, in both languages. */
async function told(type, vi) {
  const { ok, body } = await ask('GET', type);
  if (ok) fail({ vi: vi ?? body.title.vi, en: body.title.en });
}

async function signIn() {
  const body = { account: form.account.value.trim(), password: form.password.value };
  problem.hidden = true;
  if (body.account === '' || body.password === '') {
    fail(MISSING);
    (body.account === '' ? form.account : form.password).focus();
    return;
  }
  if (!byId('second').hidden && form.code.value.trim() !== '') body.code = form.code.value.trim();
  button.disabled = true;
  try {
    const answer = await ask('POST', '/api/session', body);
    if (answer.ok) enter(answer.body);
    else if (answer.body.type.endsWith('/second-factor-needed')) askForCode();
    else await told(answer.body.type, answer.body.detail);
  } catch {
    fail(LOST);
  } finally {
    button.disabled = false;
  }
}

function askForCode() {
  byId('second').hidden = false;
  form.code.value = '';
  form.code.focus();
}

/** A path of this service only. */
function returnTo() {
  const asked = new URLSearchParams(location.search).get('returnTo');
  if (asked === null || !asked.startsWith('/')) return undefined;
  const url = new URL(asked, location.origin);
  return url.origin === location.origin ? url.href : undefined;
}

function enter(who) {
  const next = returnTo();
  if (next !== undefined) location.assign(next);
  else show(who);
}

function show(who) {
  csrfToken = who.csrfToken;
  form.hidden = true;
  byId('demo').hidden = true;
  problem.hidden = true;
  byId('who').textContent = who.account;
  const grants = who.grants.map(({ role, units }) => `${role} · ${units === 'all' ? '*' : units.join(', ')}`);
  byId('roles').replaceChildren(...grants.map((grant) => element('li', {}, grant)));
  byId('inside').hidden = false;
  byId('inside-title').focus();
}

async function signOut() {
  try {
    const answer = await ask('DELETE', '/api/session');
    if (answer.ok) location.assign('/sign-in');
    else await told(answer.body.type, answer.body.detail);
  } catch {
    fail(LOST);
  }
}

function offer({ oidc, demo }) {
  byId('provider').hidden = !oidc;
  if (demo === undefined) return;
  byId('demo-password').textContent = demo.password;
  byId('demo-accounts').replaceChildren(
    ...demo.accounts.map((account) => {
      const choose = element('button', { type: 'button' }, account);
      choose.addEventListener('click', () => {
        form.account.value = account;
        form.password.value = demo.password;
        button.focus();
      });
      return element('li', {}, choose);
    }),
  );
  byId('demo').hidden = false;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void signIn();
});
byId('out').addEventListener('click', () => void signOut());

async function begin() {
  try {
    const ways = await ask('GET', '/api/session/ways');
    if (ways.ok) offer(ways.body);
    const type = new URLSearchParams(location.search).get('problem');
    if (type !== null && /^[a-z-]+$/.test(type)) await told(`/api/problems/${type}`);
  } catch {
    fail(LOST);
  }
}
void begin();
