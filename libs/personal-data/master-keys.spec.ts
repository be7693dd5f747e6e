import { describe, expect, it } from '@jest/globals';
import { Problem } from '#libs/problem/problem.js';
import { masterKeyOf, MasterKeys, readMasterKeys, unwrapKey, wrapKey } from './master-keys.js';

const bytes = (n: number): Buffer => Buffer.alloc(32, n);
const line = (n: number): string => bytes(n).toString('base64');
const NONCE = Buffer.alloc(12);

describe('master keys', () => {
  it('are read one a line, the first one first, without blank lines and remarks', () => {
    const text = `# since 2026\n\n${line(2)} # of the new year\r\n  ${line(1)}  \n${line(2)}\n`;
    expect(readMasterKeys(text, 'file').map(({ key }) => key)).toEqual([bytes(2), bytes(1)]);
    const [url] = readMasterKeys(Buffer.alloc(32, 0xff).toString('base64url'), 'file');
    expect(url!.key).toEqual(Buffer.alloc(32, 0xff));
  });

  it.each([
    ['nothing', '', 1],
    ['remarks only', '# none\n', 1],
    ['a short one', `${line(1)}\n\n${bytes(2).subarray(1).toString('base64')}`, 3],
    ['a long one', Buffer.alloc(33).toString('base64'), 1],
    ['words', 'correct horse battery staple', 1],
    ['two in a line', `${line(1)} ${line(2)}`, 1],
  ])('that are %s are refused, with the line and without the key', (_what, text, at) => {
    expect(() => readMasterKeys(text, 'the-file')).toThrow(
      new Problem('master-key-malformed', { where: 'the-file', line: at }),
    );
  });

  it('are called by what tells nothing of them, and always the same', () => {
    const { id } = masterKeyOf(bytes(1));
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(masterKeyOf(bytes(1)).id).toBe(id);
    expect(masterKeyOf(bytes(2)).id).not.toBe(id);
  });

  it('are looked for again where one is asked for that is not known', () => {
    let text = line(1);
    const read = () => readMasterKeys(text, 'file');
    const keys = new MasterKeys(read(), 'file', read);
    const { id } = masterKeyOf(bytes(2));
    expect(() => keys.of(id)).toThrow(/master-key-missing/);
    text = `${line(2)}\n${line(1)}`;
    expect(keys.of(id).key).toEqual(bytes(2));
    expect(keys.first.id).toBe(id);
    text = 'broken';
    expect(() => keys.of('000000000000')).toThrow(/master-key-missing/);
    expect(keys.of(id).key).toEqual(bytes(2));
  });

  it('open what they have wrapped, for the subject it was wrapped for', () => {
    const [one, two] = [masterKeyOf(bytes(1)), masterKeyOf(bytes(2))];
    const wrapped = wrapKey(one, NONCE, 'subject', bytes(9));
    expect(wrapped.includes(bytes(9))).toBe(false);
    expect(unwrapKey(one, 'subject', wrapped)).toEqual(bytes(9));
    expect(() => unwrapKey(two, 'subject', wrapped)).toThrow(/person-key-damaged/);
    expect(() => unwrapKey(one, 'another', wrapped)).toThrow(/person-key-damaged/);
    expect(() => unwrapKey(one, 'subject', wrapped.subarray(1))).toThrow(/person-key-damaged/);
  });
});
