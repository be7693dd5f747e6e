/**
 * The ways in which a program may have written a word down: UTF-8 composed and decomposed, without marks, in lower and
 * upper case, UTF-16, hexadecimal, JSON escapes, and base64 wherever in a longer text it may stand.
 */
export function writingsOf(word: string): Buffer[] {
  const plain = word.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
  const texts = [word, plain].flatMap((text) => [text, text.toLowerCase(), text.toUpperCase()]);
  const composed = [...new Set(texts.flatMap((text) => [text.normalize('NFC'), text.normalize('NFD')]))];
  const bytes = composed.flatMap((text) => [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')]);
  const written = composed.map((text) => text.replace(/[^ -~]/g, escaped));
  const all = [
    ...bytes,
    ...written.map((text) => Buffer.from(text)),
    ...bytes.map((each) => Buffer.from(each.toString('hex'))),
    ...bytes.flatMap(inBase64),
  ];
  return [...new Map(all.map((each) => [each.toString('latin1'), each])).values()];
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The characters of base64 that hang on these bytes alone, at each of the three places where they may begin. */
function inBase64(bytes: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const whole = text.slice(
      before === 0 ? 0 : before + 1,
      text.length - ((before + bytes.length) % 3 === 0 ? 0 : 1),
    );
    const url = whole.replaceAll('+', '-').replaceAll('/', '_');
    return [Buffer.from(whole), Buffer.from(url)];
  });
}
