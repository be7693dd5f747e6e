import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { Problem } from '#libs/problem/problem.js';
import { messageOf } from '../testing/messages.js';
import { checkHooks } from './hooks.js';
import { isPublic } from './public-address.js';
import { reminderEvent } from './reminder-event.js';
import { signatureHeaders } from './sign.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const HOOK = { id: 'zalo', url: 'https://gate.example.vn/in?token=x', secrets: [SECRET] };

function faultsOf(given: unknown): [pointer: string, rule: string][] {
  try {
    checkHooks(given, 'webhooks.json');
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(JSON.stringify([error.details, error.fields])).not.toMatch(/whsec_|token/);
    return error.fields.map(({ pointer, rule }) => [pointer, rule]);
  }
}

describe('the file of web hooks', () => {
  it('is taken as it is where nothing is wrong', () => {
    const further = { id: 'province', url: 'http://10.0.0.5:8080/', secrets: [SECRET, SECRET] };
    const hooks = [HOOK, { ...further, units: ['H54.12'], topics: ['result'], allowPrivate: true }];
    expect(checkHooks(hooks, 'webhooks.json')).toBe(hooks);
    expect(checkHooks([], 'webhooks.json')).toEqual([]);
  });

  it.each<[string, unknown, [string, string][]]>([
    ['no list', { hooks: [HOOK] }, [['', 'objects']]],
    ['no object', ['zalo'], [['/0', 'object']]],
    ['a member that is none', [{ ...HOOK, secret: SECRET }], [['/0/secret', 'unknownField']]],
    ['an id twice', [HOOK, HOOK], [['/1/id', 'unique']]],
    ['an id with a slash', [{ ...HOOK, id: 'a/b' }], [['/0/id', 'hookId']]],
    ['http to the public', [{ ...HOOK, url: 'http://gate.example.vn/' }], [['/0/url', 'hookUrl']]],
    ['a password in the URL', [{ ...HOOK, url: 'https://a:b@gate.example.vn/' }], [['/0/url', 'hookUrl']]],
    ['another scheme', [{ ...HOOK, url: 'file:///etc/passwd', allowPrivate: true }], [['/0/url', 'hookUrl']]],
    ['no secret', [{ ...HOOK, secrets: [] }], [['/0/secrets', 'hookSecrets']]],
    ['a short secret', [{ ...HOOK, secrets: ['whsec_c2hvcnQ='] }], [['/0/secrets', 'hookSecrets']]],
    ['a plain secret', [{ ...HOOK, secrets: ['a'.repeat(40)] }], [['/0/secrets', 'hookSecrets']]],
    ['no unit', [{ ...HOOK, units: [] }], [['/0/units', 'hookUnits']]],
    ['a topic that is none', [{ ...HOOK, topics: ['weather'] }], [['/0/topics', 'isIn']]],
    ['a word for yes', [{ ...HOOK, allowPrivate: 'yes' }], [['/0/allowPrivate', 'isBoolean']]],
    [
      'nothing',
      [{}],
      [
        ['/0/id', 'hookId'],
        ['/0/url', 'hookUrl'],
        ['/0/secrets', 'hookSecrets'],
      ],
    ],
  ])('is refused with %s, without the secrets and URLs in the words', (_, given, faults) => {
    expect(faultsOf(given)).toEqual(faults);
  });
});

describe('the event of a web hook', () => {
  it('is the same for every attempt, and names the dossier, the deadline and the accounts, and nobody', () => {
    const event = reminderEvent(messageOf(), 'https://motcua.example.vn');
    expect(event).toBe(reminderEvent(messageOf(), 'https://motcua.example.vn'));
    expect(JSON.parse(event)).toEqual({
      specversion: '1.0',
      id: messageOf().key,
      source: 'https://motcua.example.vn',
      type: 'motcua.reminder.v1',
      subject: 'H54.12-240115-0010',
      time: '2024-01-18T00:30:00.000Z',
      datacontenttype: 'application/json',
      data: {
        code: 'H54.12-240115-0010',
        reminder: messageOf().reminder,
        about: 'result',
        unit: 'H54.12.QLDT',
        procedure: '1.009664',
        dueAt: '2024-01-19T10:00:00.000Z',
        zone: 'Asia/Ho_Chi_Minh',
        accounts: ['official-1'],
      },
    });
  });

  it('has a source also where nobody said where the service is', () => {
    expect(JSON.parse(reminderEvent(messageOf(), undefined))).toMatchObject({ source: '/motcua' });
  });
});

describe('the signature of a web hook', () => {
  it('is the one that Standard Webhooks computes, whatever the key and the body', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 0, max: 4e12 }),
        fc.uint8Array({ minLength: 24, maxLength: 64 }),
        (key, body, at, bytes) => {
          const secret = `whsec_${Buffer.from(bytes).toString('base64')}`;
          const headers = signatureHeaders({ key, at, body }, [secret]);
          const id = headers['webhook-id'] ?? '';
          expect(id).toMatch(/^[\w!~*'()%-]+$/);
          expect(decodeURIComponent(id)).toBe(key);
          expect(headers['webhook-signature']).toBe(new Webhook(secret).sign(id, new Date(at), body));
        },
      ),
    );
  });

  it('is there once with each secret, so that either side may change it first', () => {
    const [old, next] = [1, 2].map(() => `whsec_${randomBytes(24).toString('base64')}`) as [string, string];
    const at = Date.parse('2024-01-18T00:30:05.999Z');
    const headers = signatureHeaders({ key: 'k', at, body: '{}' }, [old, next]);
    expect(headers['webhook-timestamp']).toBe('1705537805');
    expect(headers['webhook-signature']?.split(' ')).toEqual(
      [old, next].map((secret) => new Webhook(secret).sign('k', new Date(at), '{}')),
    );
  });
});

describe('an address', () => {
  it.each(['8.8.8.8', '203.162.4.191', '2001:ee0:4::1', '2606:4700::1111'])('is public: %s', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    ...['127.0.0.1', '0.0.0.0', '10.1.2.3', '172.31.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1'],
    ...['192.0.2.1', '198.18.0.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::7f00:1',
      '::ffff:7f00:1',
      '::ffff:8.8.8.8',
      '64:ff9b::a00:1',
      '2002:a00:1::',
      '2001::1',
    ],
    ...['fe80::1', 'fe80::1%eth0', 'fc00::1', 'fec0::1', 'ff02::1', '100::1', '2001:db8::1', '4000::1'],
    ...['', 'localhost', '127.1'],
  ])('is not: %j', (address) => {
    expect(isPublic(address)).toBe(false);
  });
});
