import { SetMetadata } from '@nestjs/common';

/** Who may call an endpoint. */
export type Role = 'applicant' | 'clerk' | 'official' | 'supervisor' | 'auditor' | 'administrator';
export const ROLES: readonly Role[] = [
  'applicant',
  'clerk',
  'official',
  'supervisor',
  'auditor',
  'administrator',
];

export const ROLES_KEY = 'motcua:roles';
export const PUBLIC = 'public';

/** States who may call. Every endpoint has this or `@Public()`; a test goes through all of them. */
export const Roles = (...roles: [Role, ...Role[]]): MethodDecorator & ClassDecorator =>
  SetMetadata(ROLES_KEY, roles);

/** For everyone, without an actor: health and documentation only. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(ROLES_KEY, [PUBLIC]);
