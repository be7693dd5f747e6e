/** How long an owner may say nothing. By the clock of the database alone: those of our machines may differ. */
const LEASE = `interval '3 seconds'`;
/** SQL: the end of a lease that is renewed now. */
export const RENEWED = `clock_timestamp() + ${LEASE}`;
/** The connection by which a process says that it lives. */
const SESSION = `pid || ' ' || extract(epoch FROM backend_start)`;
/** SQL: the connection that asks. */
export const OUR_SESSION = `(SELECT ${SESSION} FROM pg_stat_activity WHERE pid = pg_backend_pid())`;
/**
 * SQL: whether the lease of a row (`until`, `session`) is over. An end further ahead than the lease is long was set
 * before the clock was put back. A process that was killed is known by its connection, which the server saw end.
 */
export const OVER = `(until <= clock_timestamp() OR until > ${RENEWED}
  OR session NOT IN (SELECT ${SESSION} FROM pg_stat_activity WHERE backend_start IS NOT NULL))`;
