import type { Language } from '#libs/problem/describe.js';

/** The language a client prefers, of the two that there are; Vietnamese if it says nothing of either. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const q = parameters.map((p) => p.trim()).find((p) => p.startsWith('q='));
      return { language: tag.split('-')[0], q: q === undefined ? 1 : Number(q.slice(2)) };
    })
    .filter(({ language, q }) => (language === 'vi' || language === 'en') && q > 0)
    .sort((a, b) => b.q - a.q);
  return wanted[0]?.language === 'en' ? 'en' : 'vi';
}
