import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { emailChannel, type MailServer } from '#libs/reminders/email/email.adapter.js';
import { type Channel, RefusedForGood } from '#libs/reminders/channel.js';
import { NO_PREFERENCE } from '#libs/reminders/preferences/preference.js';
import { messageOf } from '#libs/reminders/testing/messages.js';

const NOW = Date.parse('2024-01-18T00:30:05Z');
const ADDRESSES: Readonly<Record<string, string>> = {
  'official-1': 'an.nguyen@example.vn',
  'gone-1': 'gone@example.vn',
  'later-1': 'later@example.vn',
};
const never = new AbortController().signal;
const message = messageOf();

function channelTo(port: number, further: Partial<MailServer> & { silenceMs?: number } = {}): Channel {
  const { silenceMs = 10_000, ...server } = further;
  return emailChannel({
    server: { host: '127.0.0.1', port, secure: false, login: undefined, ...server },
    from: { name: 'Một cửa', address: 'mot-cua@example.vn' },
    publicUrl: 'https://motcua.example.vn',
    clock: { now: () => NOW },
    preferences: {
      of: (ids) =>
        Promise.resolve(
          new Map(ids.map((id) => [id, { ...NO_PREFERENCE, address: ADDRESSES[id] ?? null }] as const)),
        ),
    },
    silenceMs,
  });
}

describe('mail to a server that takes it', () => {
  let server: SMTPServer;
  let channel: Channel;
  let received: { mail: ParsedMail; from: string; to: string[]; raw: string }[];

  beforeEach(async () => {
    received = [];
    server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }, _session, callback) => {
        const code = address.startsWith('gone') ? 550 : 450;
        callback(
          /^(?:gone|later)/.test(address)
            ? Object.assign(new Error(`<${address}>`), { responseCode: code })
            : null,
        );
      },
      onData: (stream, { envelope }, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks);
          const from = envelope.mailFrom ? envelope.mailFrom.address : '';
          const to = envelope.rcptTo.map(({ address }) => address);
          void simpleParser(raw).then((mail) => {
            received.push({ mail, from, to, raw: raw.toString('latin1') });
            callback();
          });
        });
      },
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    channel = channelTo((server.server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  });

  it('arrives with a Vietnamese subject, a plain-text part and an HTML part, and says that a program wrote it', async () => {
    expect(await channel.send(message, never)).toBe('sent');
    const [{ mail, from, to, raw }] = received as [(typeof received)[0]];
    expect([from, to]).toEqual(['mot-cua@example.vn', ['an.nguyen@example.vn']]);
    expect(mail.subject).toBe('Sắp đến hạn: H54.12-240115-0010, giải quyết hồ sơ, hạn 17:00 ngày 19/01/2024');
    expect(mail.from?.value).toEqual([{ name: 'Một cửa', address: 'mot-cua@example.vn' }]);
    expect(mail.date).toEqual(new Date('2024-01-18T00:30:05Z'));
    expect(mail.text).toContain('Sắp đến hạn: hạn 17:00 ngày 19/01/2024 (Asia/Ho_Chi_Minh)');
    expect(mail.html).toContain('<td>giải quyết hồ sơ</td>');
    expect(mail.attachments).toEqual([]);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('x-motcua-key')).toBe(message.key);
    // The clear text of the headers is ASCII: no server on the way needs SMTPUTF8.
    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).toMatch(/^[\t\n\r -~]+$/);
  });

  it('has the Message-ID of its key, so that a repeat is told from another reminder', async () => {
    for (const key of ['one', 'one', 'another']) await channel.send({ ...message, key }, never);
    const ids = received.map(({ mail }) => mail.messageId);
    expect(ids[0]).toMatch(/^<[0-9a-f]{40}@example\.vn>$/);
    expect([ids[1] === ids[0], ids[2] === ids[0]]).toEqual([true, false]);
  });

  it('may be several reminders at once', async () => {
    const items = [message, messageOf({ code: 'H54.12-240102-0003', dueAt: '2024-01-17T10:00:00.000Z' })];
    expect(await channel.together?.send({ key: 'digest', to: 'official-1', items }, never)).toBe('sent');
    expect(received[0]?.mail.subject).toBe('Tổng hợp nhắc việc: 2 việc, 1 việc quá hạn');
    expect(received[0]?.mail.text).toMatch(/240102-0003.+240115-0010/s);
    expect(received[0]?.mail.headers.get('x-motcua-key')).toBe('digest');
  });

  it('has nowhere to go for an account without an address', async () => {
    expect(await channel.send({ ...message, to: 'nobody' }, never)).toBe('gone');
  });

  it('is refused for good where the server knows no such address, and the failure does not name it', async () => {
    const refused = channel.send({ ...message, to: 'gone-1' }, never);
    await expect(refused).rejects.toThrow(RefusedForGood);
    await expect(refused).rejects.toThrow('the mail was not taken: EENVELOPE (550 to RCPT TO)');
    await expect(refused).rejects.not.toThrow('example.vn');
  });

  it('is to be tried again where the server says later, and the failure does not name the address', async () => {
    const failed = channel.send({ ...message, to: 'later-1' }, never);
    await expect(failed).rejects.toThrow('the mail was not taken: EENVELOPE (450 to RCPT TO)');
    await expect(failed).rejects.not.toThrow(RefusedForGood);
    await expect(failed).rejects.not.toThrow('example.vn');
  });

  it('goes to those accounts that have an address', async () => {
    const raised = { accounts: ['official-1', 'nobody'], unit: 'H54.12', about: 'result' } as const;
    expect(await channel.addressees(raised)).toEqual(['official-1']);
  });

  it('is not sent where a password would have to go in clear', async () => {
    const { port } = server.server.address() as AddressInfo;
    const failed = channelTo(port, { login: { user: 'an', password: 'geheim' } }).send(message, never);
    await expect(failed).rejects.toThrow(/^the mail was not taken: ETLS/);
    expect(received).toEqual([]);
  });
});

describe('mail to a server that does not answer', () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket));
  beforeEach(() => new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve)));
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    if (silent.listening) await new Promise((resolve) => silent.close(resolve));
  });
  const portOf = (): number => (silent.address() as AddressInfo).port;

  it('is to be tried again', async () => {
    const port = portOf();
    await new Promise((resolve) => silent.close(resolve));
    await expect(channelTo(port).send(message, never)).rejects.toThrow('the mail was not taken: ESOCKET');
  });

  it('is given up when the server has been silent too long', async () => {
    await expect(channelTo(portOf(), { silenceMs: 100 }).send(message, never)).rejects.toThrow('ETIMEDOUT');
  });

  it('is given up when the process stops', async () => {
    const stop = new AbortController();
    silent.once('connection', () => stop.abort());
    await expect(channelTo(portOf()).send(message, stop.signal)).rejects.toThrow('EABORT');
  });
});
