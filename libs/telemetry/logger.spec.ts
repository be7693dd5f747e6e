import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.adapter.js';

describe('a line of the log', () => {
  it('holds no header that proves who somebody is, even if a whole request were put into it', () => {
    const lines: string[] = [];
    const logger = createLogger('trace', { write: (line) => void lines.push(line) });
    const headers = {
      ...{ authorization: 'Bearer motcua_SECRET', cookie: 'session=SECRET', 'x-csrf-token': 'SECRET' },
      ...{ 'set-cookie': ['session=SECRET'], 'proxy-authorization': 'SECRET', 'x-correlation-id': 'corr-1' },
    };
    logger.info({ headers }, 'a');
    logger.info({ req: { headers } }, 'b');
    logger.info({ request: { headers } }, 'c');
    logger.info(headers, 'd');
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).not.toContain('SECRET');
      expect(line).toContain('corr-1');
    }
  });
});
