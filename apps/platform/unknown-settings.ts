/** Every name of ours that something reads; the last two only the compose files. */
export const OWN_SETTINGS: readonly string[] = [
  ...['MOTCUA_DATA', 'MOTCUA_HOST', 'MOTCUA_ALLOWED_HOSTS', 'MOTCUA_PROJECTIONS', 'MOTCUA_DEMO'],
  ...['MOTCUA_PUBLIC_URL', 'MOTCUA_MASTER_KEY', 'MOTCUA_MASTER_KEY_FILE'],
  ...['MOTCUA_TRUSTED_PROXIES', 'MOTCUA_LIMIT_ACCOUNT', 'MOTCUA_LIMIT_ADDRESS', 'MOTCUA_SECOND_FACTOR_ROLES'],
  ...[
    'MOTCUA_OIDC_ISSUER',
    'MOTCUA_OIDC_CLIENT_ID',
    'MOTCUA_OIDC_CLIENT_SECRET',
    'MOTCUA_OIDC_CLIENT_SECRET_FILE',
  ],
  ...['MOTCUA_OIDC_SCOPES', 'MOTCUA_OIDC_MAPPING'],
  ...['MOTCUA_SMTP_URL', 'MOTCUA_SMTP_PASSWORD_FILE', 'MOTCUA_MAIL_FROM', 'MOTCUA_WEBHOOKS_FILE'],
  ...['MOTCUA_LAG_LIMIT_SECONDS', 'MOTCUA_DRAIN_SECONDS', 'MOTCUA_READ_WAIT_MS'],
  ...['MOTCUA_VERIFY_CRON', 'MOTCUA_VERIFY_ZONE'],
  ...['MOTCUA_VERSION', 'MOTCUA_PUBLISHED_PORT'],
];

/** A line of warning for each name that looks like a setting of ours and is none: it is misspelt, and has no effect. */
export function unknownSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('MOTCUA_') && !OWN_SETTINGS.includes(name))
    .map((name) => `${name} is no setting and has no effect; did you mean ${nearestTo(name)}?`);
}

function nearestTo(name: string): string {
  const distances = OWN_SETTINGS.map((known) => [distance(name, known), known] as const);
  return distances.reduce((least, next) => (next[0] < least[0] ? next : least))[1];
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line];
    for (let at = 1; at <= to.length; at += 1) {
      const [corner = 0, above = 0, left = 0] = [row[at - 1], row[at], next[at - 1]];
      next.push(Math.min(corner + (from[line - 1] === to[at - 1] ? 0 : 1), above + 1, left + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
