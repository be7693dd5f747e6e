/** A browser, as far as redirects and cookies go; a cookie belongs to its host and port. */
export class Browser {
  private readonly cookies = new Map<string, Map<string, string>>();

  /** One request, without following. */
  async ask(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url);
    const own = this.cookiesOf(origin);
    const headers = new Headers(init.headers);
    if (own.size > 0) headers.set('cookie', [...own].map(([name, value]) => `${name}=${value}`).join('; '));
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const gone = attributes.some((each) => /^(max-age=0|expires=Thu, 01 Jan 1970)/i.test(each));
      if (gone) own.delete(pair.slice(0, at));
      else own.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }

  /** Follows redirects while they lead to where `within` says. @returns the first answer that does not, and its URL */
  async follow(url: string | URL, within: (next: URL) => boolean): Promise<{ url: URL; answer: Response }> {
    let at = new URL(url);
    for (let hop = 0; hop < 20; hop += 1) {
      const answer = await this.ask(at);
      const location = answer.headers.get('location');
      if (location === null || answer.status < 300 || answer.status >= 400) return { url: at, answer };
      const next = new URL(location, at);
      if (!within(next)) return { url: next, answer };
      at = next;
    }
    throw new Error('redirects without end');
  }

  cookiesOf(origin: string): Map<string, string> {
    let own = this.cookies.get(origin);
    if (!own) this.cookies.set(origin, (own = new Map()));
    return own;
  }
}
