/* Who somebody is, where he is signed in, his password and his second factor. */
import { showNotifications } from './notifications.js';
import { byId, done, element, inBoth, keepToken, onSubmit, sent, trying } from './own.js';

const HOW = {
  password: { vi: 'mật khẩu', en: 'password' },
  'password+totp': { vi: 'mật khẩu và mã', en: 'password and code' },
  oidc: { vi: 'hệ thống của cơ quan', en: 'your office’s provider' },
};
const ENROLLED = { vi: 'Đã bật xác thực hai bước.', en: 'The second factor is on.' };
const REMOVED = { vi: 'Đã gỡ xác thực hai bước.', en: 'The second factor is removed.' };
const CHANGED = { vi: 'Đã đổi mật khẩu.', en: 'The password is changed.' };
const ENDED = { vi: 'Đã kết thúc phiên.', en: 'The session is ended.' };
const at = new Intl.DateTimeFormat('vi', { dateStyle: 'short', timeStyle: 'short' });
let how;

function show({ account, grants, secondFactorDue, csrfToken }) {
  keepToken(csrfToken);
  byId('who').textContent = account;
  const lines = grants.map(({ role, units, lentBy, until }) => {
    const where = units === 'all' ? '*' : units.join(', ');
    return `${role} · ${where}${lentBy ? ` · ${lentBy} → ${at.format(new Date(until))}` : ''}`;
  });
  byId('roles').replaceChildren(...lines.map((line) => element('li', {}, line)));
  byId('no-role').hidden = grants.length > 0;
  byId('to-outlook').hidden = !grants.some(({ role }) => role === 'supervisor' || role === 'auditor');
  byId('to-queues').hidden = !grants.some(({ role }) => role === 'administrator');
  byId('due').hidden = !secondFactorDue;
  byId('me').hidden = false;
}

function sessionItem({ id, how, address, userAgent, lastSeenAt, current }) {
  const about = `${address} · ${at.format(new Date(lastSeenAt))}`;
  const item = element(
    'li',
    {},
    element('p', {}, ...inBoth(HOW[how]), ` · ${about}`),
    element('small', {}, userAgent),
  );
  if (current) item.append(element('p', {}, ...inBoth({ vi: 'Phiên này.', en: 'This one.' })));
  else {
    const end = element(
      'button',
      { type: 'button', class: 'quiet' },
      ...inBoth({ vi: 'Kết thúc', en: 'End' }),
    );
    end.addEventListener('click', () =>
      trying(async () => {
        if (!(await sent('DELETE', `/api/sessions/${id}`))) return;
        await showSessions();
        done(ENDED);
        // Where the keyboard was is gone.
        byId('sessions-title').focus();
      }),
    );
    item.append(end);
  }
  return item;
}

async function showSessions() {
  const list = await sent('GET', '/api/sessions');
  if (!list) return;
  how = list.items.find(({ current }) => current)?.how;
  byId('session-list').replaceChildren(...list.items.map(sessionItem));
  byId('sessions').hidden = false;
}

async function showSecondFactor() {
  const status = await sent('GET', '/api/second-factor');
  if (!status) return;
  const left = {
    vi: `Đang bật; còn ${status.recoveryCodesLeft} mã dự phòng.`,
    en: `On; ${status.recoveryCodesLeft} recovery codes left.`,
  };
  byId('enrolled').replaceChildren(...inBoth(left));
  byId('begin').hidden = status.enrolled;
  byId('confirm').hidden = true;
  byId('remove').hidden = !status.enrolled;
  byId('second').hidden = false;
}

/** All there is, after a sign-in or what changes the session. */
async function refresh() {
  const who = await sent('GET', '/api/session');
  if (!who) return;
  show(who);
  if (who.grants.length === 0) return;
  byId('to-inbox').hidden = false;
  if (!who.secondFactorDue) await showNotifications();
  await showSessions();
  // Who signs in at a provider has password and second factor there.
  if (how === 'oidc') return;
  byId('password').hidden = false;
  await showSecondFactor();
}

onSubmit('begin', async () => {
  const begun = await sent('POST', '/api/second-factor/begin', { password: byId('begin-password').value });
  if (!begun) return false;
  const svg = new DOMParser().parseFromString(begun.qr, 'image/svg+xml').documentElement;
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'QR');
  byId('qr').replaceChildren(document.importNode(svg, true));
  byId('secret').textContent = begun.secret.replace(/(.{4})(?=.)/g, '$1 ');
  byId('begin').hidden = true;
  byId('confirm').hidden = false;
  byId('confirm-code').focus();
  return true;
});

onSubmit('confirm', async () => {
  const confirmed = await sent('POST', '/api/second-factor/confirm', {
    code: byId('confirm-code').value.trim(),
  });
  if (!confirmed) return false;
  keepToken(confirmed.csrfToken);
  byId('qr').replaceChildren();
  byId('secret').textContent = '';
  byId('codes').replaceChildren(
    ...confirmed.recoveryCodes.map((code) => element('li', {}, element('code', {}, code))),
  );
  byId('recovery').hidden = false;
  await refresh();
  done(ENROLLED);
  return true;
});

onSubmit('remove', async () => {
  const removed = await sent('POST', '/api/second-factor/remove', { code: byId('remove-code').value.trim() });
  if (!removed) return false;
  keepToken(removed.csrfToken);
  byId('recovery').hidden = true;
  await refresh();
  done(REMOVED);
  return true;
});

onSubmit('change', async () => {
  const changed = await sent('POST', '/api/password', {
    password: byId('old').value,
    newPassword: byId('new').value,
  });
  if (!changed) return false;
  keepToken(changed.csrfToken);
  await refresh();
  done(CHANGED);
  return true;
});

byId('out').addEventListener('click', () =>
  trying(async () => {
    // Also at the provider: otherwise the next one at this desk is signed in by a click.
    if (await sent('DELETE', '/api/session'))
      location.assign(how === 'oidc' ? '/api/session/oidc/end' : '/sign-in');
  }),
);

void trying(refresh);
