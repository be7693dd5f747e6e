/** Roles, as the law on one-stop desks and audit knows them. */
export type Role = 'clerk' | 'official' | 'supervisor' | 'auditor' | 'administrator';
export const ROLES: readonly Role[] = ['clerk', 'official', 'supervisor', 'auditor', 'administrator'];

/** Units by code, or all there are. */
export type Units = readonly string[] | 'all';

/** A role in some units; its own, or lent by somebody else until an instant. */
export interface Grant {
  readonly role: Role;
  readonly units: Units;
  /** Account that delegated it. */
  readonly lentBy?: string;
  /** ISO 8601 in UTC: no longer from then on. */
  readonly until?: string;
}

/** Who acts, once that is proven. */
export interface Principal {
  /** Account id, never a name. */
  readonly id: string;
  /** How it was proven. */
  readonly by: 'session' | 'token' | 'command-line' | 'system';
  readonly grants: readonly Grant[];
  /** Id of the session, where it was proven by one. */
  readonly session?: string;
  /** True where one of his roles needs a second factor that he did not show: he may enrol one, and no more. */
  readonly secondFactorDue?: boolean;
}
