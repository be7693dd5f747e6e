import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Code, Parts } from './fields.decorator.js';
import { invalidRequest } from './validation.js';

class Rule {
  @Code()
  to!: string;
}
class Policy {
  @Parts(() => Rule)
  rules!: Rule[];
}
const faultsOf = (rules: unknown): string[] =>
  invalidRequest(validateSync(plainToInstance(Policy, { rules }))).fields.map(
    ({ pointer, rule }) => `${pointer} ${rule}`,
  );

describe('what is wrong with a list of objects', () => {
  it.each<[unknown, string[]]>([
    [[], []],
    [[{ to: 'clerk' }], []],
    [undefined, ['/rules required']],
    [null, ['/rules objects']],
    [{}, ['/rules objects']],
    ['clerk', ['/rules objects']],
    [[null], ['/rules/0 object']],
    [[{ to: 'clerk' }, 1, null], ['/rules/1 object']],
    [[[]], ['/rules/0 object']],
    [[{}], ['/rules/0/to required']],
  ])('%j is told once, at its place', (rules, faults) => {
    expect(faultsOf(rules)).toEqual(faults);
  });
});
