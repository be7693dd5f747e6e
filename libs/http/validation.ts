import type { ValidationError } from 'class-validator';
import { isObject } from './fields.decorator.js';
import { Problem, type FieldProblem, type ProblemDetails } from '#libs/problem/problem.js';

/** What class-validator found in a body, as a problem that names every wrong field by its JSON pointer. */
export function invalidRequest(errors: readonly ValidationError[]): Problem {
  const fields = errors.flatMap((error) => fieldProblems(error, ''));
  return new Problem('invalid-request', {}, fields);
}

/** What class-validator found in a query: every wrong parameter as `query:name`. */
export function invalidQuery(errors: readonly ValidationError[]): Problem {
  const fields = errors.flatMap((error) => fieldProblems(error, ''));
  return new Problem(
    'invalid-request',
    {},
    fields.map((field) => ({ ...field, pointer: field.pointer.replace('/', 'query:') })),
  );
}

function fieldProblems(error: ValidationError, parent: string): FieldProblem[] {
  const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const rules = Object.keys(error.constraints ?? {});
  if (rules.includes('objects') && error.value !== undefined) {
    // What else is wrong inside would only confuse.
    const n = Array.isArray(error.value) ? error.value.findIndex((each) => !isObject(each)) : -1;
    return [n < 0 ? { pointer, rule: 'objects' } : { pointer: `${pointer}/${n}`, rule: 'object' }];
  }
  const first = rules.find((rule) => rule !== 'nestedValidation') ?? rules[0];
  const own: FieldProblem[] =
    first === undefined
      ? []
      : [
          {
            pointer,
            rule:
              first === 'whitelistValidation'
                ? 'unknownField'
                : error.value === undefined
                  ? 'required'
                  : first,
            details: (error.contexts?.[first] as ProblemDetails | undefined) ?? {},
          },
        ];
  return [...own, ...(error.children ?? []).flatMap((child) => fieldProblems(child, pointer))];
}
