import { type Principal, ROLES, type Units } from '../principal.js';

/** Has every role there; for tests that are about something else than who may do what. */
export const allRoles = (id = 'clerk-1', units: Units = 'all'): Principal => ({
  ...{ id, by: 'token' },
  grants: ROLES.map((role) => ({ role, units })),
});
