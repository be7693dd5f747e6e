import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html } from './html.js';

describe('a page that is put together', () => {
  it('holds no markup of what is put in', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ';') }), (text) => {
        const { text: page } = html`<p title="${text}">${text}</p>`;
        const [, title = '', inside = ''] = /^<p title="([^"<>']*)">([^"<>']*)<\/p>$/.exec(page) ?? [];
        expect(page).toBe(`<p title="${title}">${inside}</p>`);
        expect([read(title), read(inside)]).toEqual([text, text]);
      }),
    );
  });

  it('takes pages into pages, lists one after another, and nothing for nothing', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    const page = html`<ol>
      ${items}${null}${undefined}${3}
    </ol>`;
    expect(page.text.replace(/\s+/g, '')).toBe('<ol><li>a</li><li>&lt;b&gt;</li>3</ol>');
  });
});

const read = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
