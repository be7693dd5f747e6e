import { type Status, STATUS_CODES } from '#libs/dossier/dossier.js';
import { toUtc } from '#libs/http/instant.js';
import { type FieldProblem, Problem } from '#libs/problem/problem.js';
import type { Kind } from './outlook.js';

const STATES = Object.keys(STATUS_CODES) as Status[];
export const CHANCES = ['likely', 'possible', 'unlikely'] as const;

/** @throws Problem `invalid-request` where no group of this kind could have this part */
export function checkPart(kind: Kind, part: string | undefined): void {
  const fault = part === undefined ? undefined : faultOf(kind, part);
  if (fault) throw new Problem('invalid-request', {}, [{ pointer: 'query:part', ...fault }]);
}

function faultOf(kind: Kind, part: string): Omit<FieldProblem, 'pointer'> | undefined {
  switch (kind) {
    case 'due':
      return toUtc(`${part}T00:00:00Z`)?.startsWith(part) ? undefined : { rule: 'date' };
    case 'still':
      return oneOf(STATES, part);
    case 'forecast':
      return oneOf([...CHANCES, 'unknown'], part);
    case 'late':
      return { rule: 'unknownField' };
  }
}

const oneOf = (allowed: readonly string[], part: string): Omit<FieldProblem, 'pointer'> | undefined =>
  allowed.includes(part) ? undefined : { rule: 'isIn', details: { allowed: allowed.join(', ') } };
