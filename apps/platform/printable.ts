/** Control characters but line ends and tabs, marks that turn the direction of text, other line ends, halves of pairs. */
const UNPRINTABLE = /[^\P{Cc}\n\t]|[\p{Bidi_Control}\u2028\u2029\p{Cs}]/gu;

/**
 * A text without what a terminal would obey or show as something else: what others wrote into a file or a dossier may
 * be shown to an operator, and must not move his cursor, hide a line or turn it round. Written as JSON writes such
 * signs, so that JSON stays the JSON that it was.
 */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The same for a line among others: nothing in it begins another one. */
export const printableLine = (text: string): string => printable(text).replace(/\s+/g, ' ');
