import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { systemClock } from '#libs/event-log/clock.js';
import { type Channel, RefusedForGood } from '#libs/reminders/channel.js';
import { messageOf } from '#libs/reminders/testing/messages.js';
import type { Hook } from '#libs/reminders/webhook/hooks.js';
import { webhookChannel } from '#libs/reminders/webhook/webhook.adapter.js';
import { CERTIFICATE, PRIVATE_KEY } from '../support/redis-certificate.js';

const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const [OLD, NEW, STRANGE] = [secretOf(3), secretOf(4), secretOf(5)];
const never = new AbortController().signal;
const message = messageOf({ to: 'hook' });

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let port: number;
let connections: number;
let received: Received[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  [connections, received] = [0, []];
  answer = (response) => response.writeHead(204).end();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(response);
    });
  });
  server.on('connection', () => (connections += 1));
  // All addresses of this machine, of either family.
  await new Promise<void>((resolve) => server.listen(0, resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function channelTo(changes: Partial<Hook> = {}, limitMs = 10_000): Channel {
  const url = `http://127.0.0.1:${port}/in?token=geheim`;
  const hook: Hook = { id: 'hook', url, secrets: [OLD, NEW], allowPrivate: true, ...changes };
  return webhookChannel({
    hooks: [hook],
    publicUrl: 'https://motcua.example.vn',
    clock: systemClock,
    limitMs,
  });
}

async function failureOf(sending: Promise<unknown>): Promise<string> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  if (!error) throw new Error('it did not fail');
  expect(error.message).not.toContain('geheim');
  return error.message;
}

describe('a web hook that is received', () => {
  it('is a CloudEvent, signed with the old secret and with the new one', async () => {
    expect(await channelTo().send(message, never)).toBe('sent');
    const { method, url, headers, body } = received[0]!;
    expect([method, url]).toEqual(['POST', '/in?token=geheim']);
    const event = HTTP.toEvent({ headers, body }) as CloudEvent<{ code: string; accounts: string[] }>;
    expect(event).toMatchObject({ id: message.key, type: 'motcua.reminder.v1', subject: message.code });
    expect(event.data).toMatchObject({ code: message.code, accounts: ['official-1'] });
    for (const secret of [OLD, NEW]) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
        id: message.key,
      });
    }
    expect(() => new Webhook(STRANGE).verify(body, headers as Record<string, string>)).toThrow();
    expect(() => new Webhook(NEW).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  it('is verified by the lines of docs/channels.md', async () => {
    await channelTo().send(message, never);
    const { headers, body } = received[0]!;
    const [, code = ''] = /```js\n(.+?)```/s.exec(readFileSync('docs/channels.md', 'utf8')) ?? [];
    const { isFromMotcua } = (await import(
      `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
    )) as { isFromMotcua: (secret: string, headers: IncomingHttpHeaders, body: string) => boolean };
    expect(isFromMotcua(NEW, headers, body)).toBe(true);
    expect(isFromMotcua(NEW, headers, body.replace('result', 'answer'))).toBe(false);
    expect(isFromMotcua(NEW, { ...headers, 'webhook-timestamp': '1705537805' }, body)).toBe(false);
    expect(isFromMotcua(NEW, {}, body)).toBe(false);
    expect(isFromMotcua(STRANGE, headers, body)).toBe(false);
  });

  it('has the same id and the same body in every attempt', async () => {
    for (const key of ['one', 'one', 'another']) await channelTo().send({ ...message, key }, never);
    const [first, repeat, other] = received.map(({ headers, body }) => [headers['webhook-id'], body]);
    expect(repeat).toEqual(first);
    expect(other![0]).toBe('another');
  });
});

describe('what a receiver answers', () => {
  it.each([200, 202, 204])('as %i is: sent', async (status) => {
    answer = (response) => response.writeHead(status).end();
    expect(await channelTo().send(message, never)).toBe('sent');
  });

  it('as 410 is: refused for good', async () => {
    answer = (response) => response.writeHead(410).end();
    const refused = channelTo().send(message, never);
    await expect(refused).rejects.toThrow(RefusedForGood);
    await expect(refused).rejects.toThrow('web hook hook answered 410');
  });

  it('is not asked where the hook was taken out of the file', async () => {
    expect(await channelTo().send({ ...message, to: 'another' }, never)).toBe('gone');
    expect(received).toEqual([]);
  });

  it.each([400, 404, 429, 500])('as %i is: try again, whatever it writes', async (status) => {
    answer = (response) => response.writeHead(status).end('an.nguyen@example.vn');
    const failed = channelTo().send(message, never);
    expect(await failureOf(failed)).toBe(`web hook hook answered ${status}`);
    await expect(failed).rejects.not.toThrow(RefusedForGood);
  });

  it.each([301, 302, 307, 308])('as %i is not followed', async (status) => {
    answer = (response) =>
      response.writeHead(status, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
    expect(await failureOf(channelTo().send(message, never))).toBe(`web hook hook answered ${status}`);
    expect(received.map(({ url }) => url)).toEqual(['/in?token=geheim']);
  });

  it('is not waited for longer than the limit', async () => {
    answer = () => undefined;
    const failure = await failureOf(channelTo({}, 100).send(message, never));
    expect(failure).toBe('web hook hook: no answer within 100 ms');
  });

  it('is not waited for by a process that stops', async () => {
    const stop = new AbortController();
    answer = () => stop.abort();
    expect(await failureOf(channelTo().send(message, stop.signal))).toBe('web hook hook: ABORT_ERR');
  });

  it('is broken off where it has no end', async () => {
    let written = 0;
    const closed = new Promise<void>((resolve) => {
      answer = (response) => {
        response.on('close', resolve).writeHead(200);
        const chunk = Buffer.alloc(16_384);
        const more = (): void => {
          written += chunk.length;
          response.write(chunk, more);
        };
        more();
      };
    });
    expect(await channelTo().send(message, never)).toBe('sent');
    await closed;
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('may be nothing: it is tried again', async () => {
    answer = (response) => response.destroy();
    expect(await failureOf(channelTo().send(message, never))).toBe('web hook hook: ECONNRESET');
    await new Promise((resolve) => server.close(resolve));
    expect(await failureOf(channelTo().send(message, never))).toBe('web hook hook: ECONNREFUSED');
  });
});

describe('an address that is not public', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    'localhost',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '[fe80::1]',
    '[fd00::1]',
    '[fec0::1]',
    '[2002:7f00:1::]',
  ])('is not connected to, though it is written %s', async (host) => {
    const channel = channelTo({ url: `https://${host}:${port}/?token=geheim`, allowPrivate: false });
    expect(await failureOf(channel.send(message, never))).toMatch(
      /^web hook hook: its address [\da-f.:]+ is not public$/,
    );
    expect(connections).toBe(0);
  });

  it('is connected to where the hook allows it, also by a name', async () => {
    expect(await channelTo({ url: `http://localhost:${port}/` }).send(message, never)).toBe('sent');
  });
});

describe('a receiver whose certificate nobody vouches for', () => {
  it('gets nothing', async () => {
    const secure = createSecureServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (request) => {
      throw new Error(`${request.url} came in`);
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/`;
    const failure = await failureOf(channelTo({ url }).send(message, never));
    expect(failure).toBe('web hook hook: DEPTH_ZERO_SELF_SIGNED_CERT');
    await new Promise((resolve) => secure.close(resolve));
  });
});

describe('a reminder', () => {
  it('goes to the hooks for its unit and its topic', async () => {
    const hook = { url: 'https://gate.example.vn', secrets: [NEW] };
    const { addressees } = webhookChannel({
      hooks: [
        { ...hook, id: 'all' },
        { ...hook, id: 'unit', units: ['H54.12'] },
        { ...hook, id: 'topic', topics: ['answer', 'result'] },
        { ...hook, id: 'both', units: ['H54.13', 'H54.12'], topics: ['result'] },
      ],
      publicUrl: undefined,
      clock: systemClock,
    });
    const to = (unit: string, about: 'result' | 'collection'): Promise<readonly string[]> =>
      addressees({ accounts: [], unit, about });
    expect(await to('H54.12', 'result')).toEqual(['all', 'unit', 'topic', 'both']);
    expect(await to('H54.12', 'collection')).toEqual(['all', 'unit']);
    expect(await to('H54.14', 'collection')).toEqual(['all']);
  });
});
