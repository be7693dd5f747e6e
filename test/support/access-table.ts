import { PUBLIC } from '#libs/access/http/action.decorator.js';
import { POLICY, type Reach } from '#libs/access/policy.js';
import { type Role, ROLES } from '#libs/access/principal.js';
import type { Operation } from './operations.js';

const BEGIN = '<!-- generated: npm run docs:access -->';
const END = '<!-- end of what is generated -->';

/** A page with the table between its marks made anew. */
export function withAccessTable(page: string, operations: readonly Operation[]): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`the marks ${BEGIN} and ${END} are missing`);
  return `${before}${BEGIN}\n\n${accessTable(operations)}\n${END}${after}`;
}

/** Route × role × reach, in Markdown. */
function accessTable(operations: readonly Operation[]): string {
  const rows = [...operations]
    .sort((a, b) => order(a).localeCompare(order(b), 'en'))
    .map(({ name, action = 'nobody decided' }) => [`\`${name}\``, action, ...cellsOf(action)]);
  return [['Route', 'Action', ...ROLES], ['---', '---', ...ROLES.map(() => '---')], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
    .concat('\n');
}

const order = ({ path, method }: Operation): string => `${path} ${method}`;

function cellsOf(action: string): string[] {
  if (action === PUBLIC) return ROLES.map(() => 'everyone');
  const reaches: Partial<Record<Role, Reach>> = POLICY[action as keyof typeof POLICY];
  return ROLES.map((role) => reaches[role] ?? '–');
}
