import { beforeAll, describe, expect, it } from '@jest/globals';
import { Problem } from '#libs/problem/problem.js';
import { loadCountGuesses } from './count-guesses.adapter.js';
import { checkedPassword, type CountGuesses, LONGEST } from './password-rules.js';

let countGuesses: CountGuesses;
beforeAll(async () => {
  countGuesses = await loadCountGuesses();
});

function check(password: string, secondFactor = false): string {
  try {
    checkedPassword(password, { account: 'clerk-1', secondFactor, pointer: '/newPassword', countGuesses });
    return 'taken';
  } catch (error) {
    return error instanceof Problem ? (error.fields[0]?.rule ?? error.type) : 'failed';
  }
}

describe('a password', () => {
  it.each([
    'con mèo trèo cây cau',
    'correct horse battery',
    '  nothing but a sentence ',
    'Ánh trăng sáng 月が綺麗 🌕',
    'thirteen-Lanterns/over.the+river',
  ])('may be any text that is long enough: %s', (password) => {
    expect(check(password)).toBe('taken');
  });

  it('has 15 characters, or 8 where there is a second factor', () => {
    expect(check('v8#kPq2zLm4!xT')).toBe('passwordShort');
    expect(check('v8#kPq2zLm4!xT7')).toBe('taken');
    expect(check('v8#kPq2', true)).toBe('passwordShort');
    expect(check('v8#kPq2z', true)).toBe('taken');
    // Characters, not bytes or UTF-16 units.
    expect(check('🌕🌖🌗🌘🌑🌒🌓')).toBe('passwordShort');
  });

  it(`has at most ${LONGEST} characters`, () => {
    const long = 'kx7Pw!2q'.repeat(2) + 'đường về nhà xa lắm '.repeat(10);
    expect(check(long.slice(0, LONGEST).trimEnd().padEnd(LONGEST, '#'))).toBe('taken');
    expect(
      check(
        long
          .slice(0, LONGEST + 1)
          .trimEnd()
          .padEnd(LONGEST + 1, '#'),
      ),
    ).toBe('maxLength');
  });

  it.each([
    'motcuamotcuamotcua',
    'MotcuaMotcua2024',
    'clerk-1clerk-1clerk-1',
    'passwordpassword1',
    'iloveyouiloveyou',
    'qwertyuiopasdfghjkl',
    '123456789012345678',
    'aaaaaaaaaaaaaaaaaaaaaa',
    'abcdefghijklmnopqrst',
    'ab12'.repeat(32),
  ])('is not one that is tried first: %s', (password) => {
    expect(check(password)).toBe('passwordGuessable');
  });

  it('is the same in every form of Unicode', () => {
    const options = { account: 'a', secondFactor: false, pointer: '', countGuesses };
    const forms = (['NFC', 'NFD', 'NFKC', 'NFKD'] as const).map((form) =>
      checkedPassword('con mèo trèo cây ﬁcus'.normalize(form), options),
    );
    expect(new Set(forms).size).toBe(1);
  });

  it('is no broken text', () => {
    expect(check('con mèo trèo cây \ud800 cau')).toBe('plainText');
  });

  it('is judged in a moment, whatever it is', () => {
    const begun = performance.now();
    for (const part of ['1', 'a1', 'qwerty', '12/12/2012', 'password', 'p4$$w0rd'])
      check(part.repeat(128).slice(0, LONGEST));
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
