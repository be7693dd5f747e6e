import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { LogUnavailable } from '#libs/event-log/event-log.js';
import { DatabaseUnavailable, describeError, isTransient } from './errors.js';
import { PoisonedEvent } from './projection.js';

const coded = (code: string, message = 'no'): Error => Object.assign(new Error(message), { code });

describe('an error while folding', () => {
  it.each([
    ['a refused connection', coded('ECONNREFUSED')],
    ['a server that shuts down', coded('57P01')],
    ['a deadlock', coded('40P01')],
    ['a full disk', coded('53100')],
    ['a lost connection', new DatabaseUnavailable(new Error('x'))],
    ['a log out of reach', new LogUnavailable(new Error('x'))],
    ['any of these, laid on an event', new PoisonedEvent({} as RecordedEvent, coded('08006'))],
  ])('passes by itself: %s', (_what, error) => {
    expect(isTransient(error)).toBe(true);
  });

  it.each([
    ['a value that does not fit', coded('22P02')],
    ['a broken rule', coded('23505')],
    ['a fault of the program', new TypeError('x')],
    ['an error of Node', coded('ERR_INVALID_ARG_TYPE')],
  ])('is laid on the event: %s', (_what, error) => {
    expect(isTransient(error)).toBe(false);
  });

  it('is told without the values it quotes', () => {
    const error = coded('22P02', 'invalid input syntax for type date: "Nguyễn Văn A"\nDETAIL: Nguyễn Văn A');
    expect(describeError(new PoisonedEvent({} as RecordedEvent, error))).toBe(
      '22P02: invalid input syntax for type date: …',
    );
    expect(describeError(new SyntaxError(`Unexpected token 'N', "Nguyễn "Văn`))).not.toMatch(/Nguy|Văn/);
  });
});
