/* Looks up a dossier. Code and secret may come behind the `#` of the address, which browsers send to nobody. */
const byId = (id) => document.getElementById(id);
const form = byId('form');
const problem = byId('problem');
const result = byId('result');
const button = form.querySelector('button');

const LOST = { vi: 'Không kết nối được; hãy thử lại.', en: 'No connection; try again.' };
const MISSING = { vi: 'Nhập cả mã hồ sơ và mã tra cứu.', en: 'Type both the code and the secret.' };

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

async function ask(body, language) {
  const answer = await fetch('/api/look-up', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': language },
    body: JSON.stringify(body),
    credentials: 'omit',
    cache: 'no-store',
  });
  return { ok: answer.ok, body: await answer.json() };
}

async function lookUp() {
  const body = { code: form.code.value.trim(), secret: form.secret.value.trim() };
  problem.hidden = true;
  result.hidden = true;
  if (body.code === '' || body.secret === '') {
    fail(MISSING);
    (body.code === '' ? form.code : form.secret).focus();
    return;
  }
  button.disabled = true;
  try {
    const answer = await ask(body, 'vi');
    if (answer.ok) show(answer.body);
    else fail({ vi: answer.body.detail, en: await inEnglish(answer.body) });
  } catch {
    fail(LOST);
  } finally {
    button.disabled = false;
    if (document.activeElement === document.body) button.focus();
  }
}

/** What the answer says in Vietnamese; asking again would count as a further attempt. */
async function inEnglish(problem) {
  const answer = await fetch(problem.type, { credentials: 'omit' });
  const words = answer.ok ? (await answer.json()).detail.en : '';
  return words.replace(/\{(\w+)\}/g, (_, name) => problem[name] ?? '–');
}

function show(found) {
  const zone = found.zone ?? 'Asia/Ho_Chi_Minh';
  const day = { day: '2-digit', month: '2-digit', year: 'numeric' };
  const hour = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const format = new Intl.DateTimeFormat('vi-VN', { timeZone: zone, ...day, ...hour });
  const time = (at) => element('time', { datetime: at }, format.format(new Date(at)));
  byId('shown-code').textContent = found.code;
  byId('state').replaceChildren(...inBoth(found.stateName));
  const waiting = byId('waiting');
  waiting.hidden = found.waitingFor === null;
  if (found.waitingFor) {
    const { vi, en } = found.waitingFor;
    waiting.replaceChildren(...inBoth({ vi: `Đang chờ: ${vi}.`, en: `Waiting for ${en}.` }));
  }
  const facts = byId('facts');
  facts.replaceChildren();
  const fact = (words, value, attributes = {}) =>
    facts.append(element('dt', {}, ...inBoth(words)), element('dd', attributes, ...value));
  const instant = (words, at, attributes) => {
    if (at !== null) fact(words, [time(at)], attributes);
  };
  fact({ vi: 'Đơn vị', en: 'Unit' }, unit(found.unit));
  instant({ vi: 'Nộp trực tuyến', en: 'Sent in' }, found.registeredAt);
  instant({ vi: 'Tiếp nhận', en: 'Accepted' }, found.acceptedAt);
  if (found.paused && found.dueAt !== null) {
    const words = { vi: 'Tạm dừng tính, sẽ hẹn lại', en: 'the clock stands still; a new date will be set' };
    fact({ vi: 'Hẹn trả', en: 'Due' }, inBoth(words));
  } else instant({ vi: 'Hẹn trả', en: 'Due' }, found.dueAt, { class: 'due' });
  instant({ vi: 'Xong', en: 'Ended' }, found.endedAt);
  instant({ vi: 'Đã trả', en: 'Returned' }, found.returnedAt);
  byId('steps').replaceChildren(
    ...found.steps.map((step) =>
      element(
        'li',
        {},
        ...inBoth(step.name),
        time(step.at),
        element('span', { class: 'unit' }, ...unit(step.unit)),
      ),
    ),
  );
  result.hidden = false;
  byId('state').focus();
}

const unit = ({ code, name }) => (name === null ? [code] : inBoth(name));

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void lookUp();
});

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const code = given.get('code');
  const secret = given.get('secret');
  if (code === null && secret === null) return;
  form.code.value = code ?? '';
  form.secret.value = secret ?? '';
  // Whoever uses this browser next does not find the secret in its history.
  history.replaceState(null, '', location.pathname);
  if (code && secret) void lookUp();
}

addEventListener('hashchange', fromAddress);
fromAddress();
