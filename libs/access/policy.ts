import type { Grant, Principal, Role, Units } from './principal.js';

/**
 * How far a role reaches in an action. `own`: in units of its own. `asked`: in units of its own, and elsewhere with a
 * reason that is written down. `all`: everywhere.
 */
export type Reach = 'own' | 'asked' | 'all';

/**
 * Everything that can be done, and who may do it: the one place where this is decided. A route names its action
 * (`@Action`), handlers ask `permit` once they know the unit. docs/access.md is made from this.
 */
export const POLICY = {
  'accept-new': { clerk: 'own' },
  register: { clerk: 'own' },
  accept: { clerk: 'own' },
  reject: { clerk: 'own' },
  'hand-over': { clerk: 'own', official: 'own' },
  consult: { official: 'own' },
  'record-reply': { official: 'own' },
  'request-supplement': { clerk: 'own', official: 'own' },
  'receive-supplement': { clerk: 'own' },
  'request-payment': { clerk: 'own', official: 'own' },
  'confirm-payment': { clerk: 'own' },
  withdraw: { clerk: 'own' },
  stop: { official: 'own', supervisor: 'own' },
  resolve: { official: 'own' },
  return: { clerk: 'own' },
  annotate: { clerk: 'own', official: 'own', supervisor: 'own' },
  link: { clerk: 'own' },
  /** Four eyes: a change is proposed by one person, and decided by another one with a supervisor's role. */
  'propose-extension': { clerk: 'own', official: 'own', supervisor: 'own' },
  'propose-correction': { clerk: 'own', official: 'own', supervisor: 'own' },
  'propose-alert-cancellation': { clerk: 'own', official: 'own', supervisor: 'own' },
  'propose-erasure': { supervisor: 'own' },
  'decide-proposal': { supervisor: 'own' },
  'place-hold': { supervisor: 'own' },
  'lift-hold': { supervisor: 'own' },
  'read-dossier': { clerk: 'asked', official: 'asked', supervisor: 'asked', auditor: 'asked' },
  'print-receipt': { clerk: 'own' },
  'list-dossiers': { clerk: 'own', official: 'own', supervisor: 'own', auditor: 'asked' },
  'list-due-for-erasure': { supervisor: 'own', auditor: 'all' },
  'read-outlook': { supervisor: 'own', auditor: 'all' },
  /** Messages that could not leave, and having them sent again. */
  'read-undelivered': { supervisor: 'own', auditor: 'all' },
  'retry-undelivered': { supervisor: 'own' },
  'read-report': { clerk: 'all', official: 'all', supervisor: 'all', auditor: 'all' },
  /** Everyone, since everyone has an inbox to follow. */
  'read-updates': {
    clerk: 'all',
    official: 'all',
    supervisor: 'all',
    auditor: 'all',
    administrator: 'all',
  },
  'read-verifications': { supervisor: 'all', auditor: 'all' },
  'read-trace': { auditor: 'all' },
  'read-reference': {
    clerk: 'all',
    official: 'all',
    supervisor: 'all',
    auditor: 'all',
    administrator: 'all',
  },
  'publish-reference': { administrator: 'all' },
  'read-accounts': { administrator: 'all', auditor: 'all' },
  'manage-accounts': { administrator: 'all' },
  'watch-queues': { administrator: 'all' },
  /** Own reminders; nobody reads those of another one. */
  'read-inbox': {
    clerk: 'all',
    official: 'all',
    supervisor: 'all',
    auditor: 'all',
    administrator: 'all',
  },
  /** Own sessions, password, second factor, delegations: whoever is signed in. */
  'manage-self': {
    clerk: 'all',
    official: 'all',
    supervisor: 'all',
    auditor: 'all',
    administrator: 'all',
  },
} as const satisfies Record<string, Partial<Record<Role, Reach>>>;

export type Action = keyof typeof POLICY;

/** Where an action happens: the units of a dossier (the desk that took it in, the unit that has it now). */
export type Place = readonly string[];

export type Verdict =
  | { readonly allowed: true; readonly grant: Grant }
  /** `role`: no role of his has it. `unit`: not there. `reason`: there only with a reason. */
  | { readonly allowed: false; readonly why: 'role' | 'unit' | 'reason' };

/**
 * Whether somebody may do something. Of several grants the one that reaches furthest counts, his own before a lent one.
 * @param where undefined asks whether he may do it anywhere
 */
export function permit(
  principal: Pick<Principal, 'grants'>,
  action: Action,
  now: string,
  where?: Place,
  reason?: string,
): Verdict {
  const having = grantsFor(principal, action, now);
  const [first] = having;
  if (!first) return { allowed: false, why: 'role' };
  if (where === undefined) return { allowed: true, grant: first.grant };
  const there = having.find(({ grant, reach }) => reach === 'all' || isOwn(grant, where));
  if (there) return { allowed: true, grant: there.grant };
  const asked = having.find(({ reach }) => reach === 'asked');
  if (!asked) return { allowed: false, why: 'unit' };
  return reason === undefined ? { allowed: false, why: 'reason' } : { allowed: true, grant: asked.grant };
}

/** The units in which `permit` says yes: what a list may show. Empty where he may do it nowhere. */
export function permittedUnits(
  principal: Pick<Principal, 'grants'>,
  action: Action,
  now: string,
  reason?: string,
): Units {
  const units = new Set<string>();
  for (const { grant, reach } of grantsFor(principal, action, now)) {
    if (reach === 'all' || grant.units === 'all' || (reach === 'asked' && reason !== undefined)) return 'all';
    for (const unit of grant.units) units.add(unit);
  }
  return [...units];
}

/** Grants of roles that have the action and are in force, with how far each reaches; his own come first. */
function grantsFor(
  { grants }: Pick<Principal, 'grants'>,
  action: Action,
  now: string,
): { grant: Grant; reach: Reach }[] {
  const reaches: Partial<Record<Role, Reach>> = POLICY[action];
  return grants
    .flatMap((grant) => {
      const reach = reaches[grant.role];
      const over = grant.until !== undefined && grant.until <= now;
      return reach === undefined || over ? [] : [{ grant, reach }];
    })
    .sort((a, b) => Number(a.grant.lentBy !== undefined) - Number(b.grant.lentBy !== undefined));
}

const isOwn = ({ units }: Grant, where: Place): boolean =>
  units === 'all' || where.some((unit) => units.includes(unit));
