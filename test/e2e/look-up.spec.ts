import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { OpeningAnswer } from '#libs/dossier/commands/answer.js';
import type { LookedUp } from '#libs/look-up/look-up.js';
import { lookUpSecret } from '#libs/look-up/secret.js';
import { Held, open, register } from '../support/desk.js';
import { type Answer, call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()), 60_000);
afterAll(() => service.close());

const APPLICANT = { name: 'Nguyễn Thị Tra Cứu', idNumber: '001099012345', phone: '0912 345 678' };
const opened = async (): Promise<OpeningAnswer> =>
  (await open(service, { applicant: APPLICANT })).body as OpeningAnswer;
const ask = (body: object): Promise<Answer<LookedUp>> =>
  call<LookedUp>(service, 'POST', '/api/look-up', { body, headers: { authorization: undefined } });
const failing = (body: object) =>
  refused(service, [404, 'look-up-failed'], 'POST', '/api/look-up', {
    body,
    headers: { authorization: undefined },
  });

describe('the secret', () => {
  it('comes with the answer that opens a dossier, at the desk and online, and again with a repeat', async () => {
    const headers = { 'idempotency-key': 'opened-once' };
    const first = (await open(service, {}, { headers })).body as OpeningAnswer;
    const again = (await open(service, {}, { headers })).body as OpeningAnswer;
    expect(first.lookUpSecret).toBe(lookUpSecret(service.platform.vault, first.code));
    expect(again).toEqual(first);
    const online = (await register(service)).body as OpeningAnswer;
    expect(online.lookUpSecret).toMatch(/^\w{4}-\w{4}-\w{4}$/);
    expect(online.lookUpSecret).not.toBe(first.lookUpSecret);
  });
});

describe('looking up a dossier', () => {
  it('tells its state, its instants and its steps, and nothing of any person', async () => {
    const answer = await opened();
    const held = new Held(service, answer);
    await held.takeAll('hand-over', 'request-supplement');
    const found = await ask({ code: answer.code, secret: answer.lookUpSecret });
    expect(found.status).toBe(200);
    expect(found.headers.get('cache-control')).toBe('no-store');
    const desk = {
      code: 'H54.12',
      name: {
        vi: 'Ban Quản lý các khu công nghiệp (dữ liệu trình diễn)',
        en: 'Board of industrial zones (demonstration data)',
      },
    };
    const at = '2024-03-11T02:00:00.000Z';
    expect(found.body).toEqual({
      ...{ code: answer.code, state: 'supplement_requested', stateCode: 5, registeredAt: null },
      stateName: { vi: 'Chờ bổ sung hồ sơ', en: 'Waiting for a supplement' },
      unit: { code: 'QLDT', name: null },
      ...{ acceptedAt: at, dueAt: answer.dueAt, paused: true, endedAt: null, returnedAt: null },
      waitingFor: {
        vi: 'Ông/bà bổ sung giấy tờ theo phiếu yêu cầu',
        en: 'the papers that the supplement slip asks for',
      },
      zone: 'Asia/Ho_Chi_Minh',
      steps: [
        { name: { vi: 'Tiếp nhận', en: 'Accepted' }, at, unit: desk },
        { name: { vi: 'Chuyển xử lý', en: 'Handed over' }, at, unit: { code: 'QLDT', name: null } },
        {
          name: { vi: 'Yêu cầu bổ sung', en: 'A supplement was requested' },
          at,
          unit: { code: 'QLDT', name: null },
        },
      ],
    });
    for (const kept of [
      'Tra Cứu',
      '001099012345',
      '0912',
      'official-7',
      'clerk-1',
      'Thiếu bản vẽ',
      'Bản vẽ',
    ]) {
      expect(found.text).not.toContain(kept);
    }
  });

  it('takes the secret however it is typed', async () => {
    const { code, lookUpSecret: secret } = await opened();
    const typed = secret.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect((await ask({ code: ` ${code} `, secret: typed })).body.code).toBe(code);
  });
});

describe('what is not right', () => {
  const WRONG = 'ZZZZ-ZZZZ-ZZZZ';
  /** Every way to be wrong, beside a dossier that there is. */
  async function wrongs(): Promise<Record<string, { code: string; secret: string }>> {
    const { code, lookUpSecret: secret } = await opened();
    const unknown = `${code}9`;
    const { vault } = service.platform;
    return {
      'a wrong secret': { code, secret: WRONG },
      'no secret': { code, secret: '' },
      'the secret of another dossier': { code, secret: lookUpSecret(vault, unknown) },
      'an unknown code': { code: unknown, secret },
      'an unknown code with what would be its secret': {
        code: unknown,
        secret: lookUpSecret(vault, unknown),
      },
      'a code that cannot be': { code: '\u0000\ud800', secret: WRONG },
      'no code': { code: '', secret: WRONG },
    };
  }

  it('is answered in the same words, whatever it is', async () => {
    const bodies = new Set<string>();
    for (const body of Object.values(await wrongs())) {
      const { instance: _, ...problem } = await failing(body);
      bodies.add(JSON.stringify(problem));
    }
    expect(bodies.size).toBe(1);
    expect([...bodies][0]).not.toMatch(/H54/);
  });

  it('costs the same work: one digest, and one read of a stream, which does not exist', async () => {
    const { log, vault } = service.platform;
    const ways = await wrongs();
    // The worklist follows meanwhile, with digests of its own.
    const lookUps = (calls: readonly (readonly [string, string])[]): number =>
      calls.filter(([purpose]) => purpose === 'look-up').length;
    const reads = jest.spyOn(log, 'readStream');
    const digests = jest.spyOn(vault, 'digest');
    try {
      const works = new Set<string>();
      for (const [way, body] of Object.entries(ways)) {
        if (way.includes('would be its secret')) continue;
        await failing(body);
        works.add(
          JSON.stringify({
            streams: reads.mock.calls.map(([name]) => name),
            digests: lookUps(digests.mock.calls),
          }),
        );
        reads.mockClear();
        digests.mockClear();
      }
      expect([...works]).toEqual([JSON.stringify({ streams: ['dossier-%3F'], digests: 1 })]);
      const right = await opened();
      reads.mockClear();
      digests.mockClear();
      await ask({ code: right.code, secret: right.lookUpSecret });
      expect([reads.mock.calls.length, lookUps(digests.mock.calls)]).toEqual([1, 1]);
    } finally {
      reads.mockRestore();
      digests.mockRestore();
    }
  });

  it('is named where the request itself is malformed, which tells nothing of any dossier', async () => {
    const headers = { authorization: undefined };
    for (const body of [{}, { code: 1, secret: 'a' }, { code: 'a', secret: 'a'.repeat(201) }]) {
      await refused(service, [400, 'invalid-request'], 'POST', '/api/look-up', { body, headers });
    }
  });
});

describe('the page', () => {
  it('loads nothing from elsewhere and runs nothing that is written into it', async () => {
    const page = await fetch(`${service.url}/look-up`);
    const text = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none';/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|data:|http/);
    expect(text).not.toMatch(/style=|<style|\son\w+=|<script>|https?:/);
    for (const [, path = ''] of text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const file = await fetch(service.url + path);
      await file.body?.cancel();
      expect([path, file.status]).toEqual([path, 200]);
    }
  });
});

describe('whoever tries many', () => {
  it('is told to wait, also with the right secret', async () => {
    const right = await opened();
    const body = { code: right.code, secret: right.lookUpSecret };
    let answer = await ask(body);
    for (let tries = 0; answer.status !== 429 && tries < 100; tries += 1) answer = await ask(body);
    expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
  });
});
