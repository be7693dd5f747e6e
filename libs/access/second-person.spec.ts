import { expect, it } from '@jest/globals';
import { areTwoPersons } from './second-person.js';

it.each([
  ['the same account', { actor: 'a' }, { actor: 'a' }, false],
  ['the same account under two hats', { actor: 'a' }, { actor: 'a', onBehalfOf: 'b' }, false],
  ['an account by a grant of the other one', { actor: 'a' }, { actor: 'b', onBehalfOf: 'a' }, false],
  ['two accounts', { actor: 'a' }, { actor: 'b' }, true],
  ['two accounts, one by a grant of a third', { actor: 'a' }, { actor: 'b', onBehalfOf: 'c' }, true],
  [
    'two accounts by grants of a third',
    { actor: 'a', onBehalfOf: 'c' },
    { actor: 'b', onBehalfOf: 'c' },
    true,
  ],
])('%s: %j and %j are two persons: %s', (_name, one, other, two) => {
  expect(areTwoPersons(one, other)).toBe(two);
  expect(areTwoPersons(other, one)).toBe(two);
});
