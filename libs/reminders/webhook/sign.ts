import { createHmac } from 'node:crypto';

export interface Signed {
  /** Idempotency key. */
  readonly key: string;
  /** Of this attempt, in milliseconds since 1970. */
  readonly at: number;
  readonly body: string;
}

/**
 * Headers of a web hook after Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`, once with each secret. No
 * full stop may be in the id, so the key is percent-encoded there.
 */
export function signatureHeaders(
  { key, at, body }: Signed,
  secrets: readonly string[],
): Record<string, string> {
  const id = encodeURIComponent(key).replaceAll('.', '%2E');
  const timestamp = String(Math.floor(at / 1000));
  const signed = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => {
    const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', bytes).update(signed).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
