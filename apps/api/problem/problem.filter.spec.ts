import { describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '#libs/event-log/event-log.js';
import { asProblem } from './problem.filter.js';

describe('a log that is away', () => {
  it('leaves open of commands only whether they were recorded', () => {
    const away = new LogUnavailable('away');
    expect(asProblem(away, 'POST')?.type).toBe('log-unavailable');
    expect(asProblem(away, 'GET')?.type).toBe('log-unreadable');
    expect(asProblem(away, 'HEAD')?.type).toBe('log-unreadable');
  });
});
