/* Signs in, and leads on. */
import { ask, byId, element, fail, resting, told, trying } from './own.js';

const form = byId('form');
const button = form.querySelector('button');
const ACCOUNT = '/account';
const MISSING = { vi: 'Nhập tài khoản và mật khẩu.', en: 'Type account and password.' };

async function signIn() {
  const body = { account: form.account.value.trim(), password: form.password.value };
  byId('problem').hidden = true;
  if (body.account === '' || body.password === '') {
    fail(MISSING);
    (body.account === '' ? form.account : form.password).focus();
    return;
  }
  if (!byId('second').hidden && form.code.value.trim() !== '') body.code = form.code.value.trim();
  await resting(button, async () => {
    const answer = await ask('POST', '/api/session', body);
    if (answer.ok) location.assign(answer.body.secondFactorDue ? ACCOUNT : returnTo());
    else if (answer.body.type.endsWith('/second-factor-needed')) askForCode();
    else await told(answer.body.type, answer.body);
  });
}

function askForCode() {
  byId('second').hidden = false;
  form.code.value = '';
  form.code.focus();
}

/** A path of this service only. */
function returnTo() {
  const asked = new URLSearchParams(location.search).get('returnTo');
  if (asked === null || !asked.startsWith('/')) return ACCOUNT;
  const url = new URL(asked, location.origin);
  return url.origin === location.origin ? url.href : ACCOUNT;
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

void trying(async () => {
  const ways = await ask('GET', '/api/session/ways');
  if (ways.ok) offer(ways.body);
  const type = new URLSearchParams(location.search).get('problem');
  if (type !== null && /^[a-z-]+$/.test(type)) await told(`/api/problems/${type}`);
});
