/** Nest token of the database pool (`createPool`). */
export const POOL = Symbol('Pool');
