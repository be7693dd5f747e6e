import { v5 as uuidV5 } from 'uuid';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { type EventLog, streamName, WrongExpectedRevision } from '#libs/event-log/event-log.js';
import { canonicalJson } from '#libs/event-log/hash.js';
import type { JsonObject } from '#libs/event-log/json.js';
import {
  decideSignIn,
  PROVIDER_CATEGORY,
  type ProviderFact,
  type ProviderSignIn,
} from './provider-account.js';

/** Namespace of the ids of these events (UUID version 5). */
const EVENT_NAMESPACE = '6b0f4a5c-52f1-5d7e-8a3c-6f6964632e31';
const SCHEMA_VERSION = 1;
const MAX_ATTEMPTS = 5;

/**
 * Writes down a sign-in by a provider, as far as it is news.
 * @throws Problem `oidc-account-taken`
 */
export async function bindProviderAccount(
  log: EventLog,
  clock: Clock,
  signIn: ProviderSignIn,
  correlationId: string,
): Promise<void> {
  const stream = streamName(PROVIDER_CATEGORY, signIn.account);
  const metadata = { actor: signIn.account, correlationId, causationId: correlationId };
  for (let attempt = 1; ; attempt += 1) {
    const history: ProviderFact[] = [];
    let revision: bigint | undefined;
    for await (const event of log.readStream(stream)) {
      history.push({ type: event.type, data: event.data } as unknown as ProviderFact);
      revision = event.revision;
    }
    const facts = decideSignIn(history, signIn);
    if (facts.length === 0) return;
    const next = revision === undefined ? 0n : revision + 1n;
    const events = facts.map((fact, n) => {
      const data = fact.data as unknown as JsonObject;
      const id = uuidV5(canonicalJson([stream, String(next), n, fact.type, data]), EVENT_NAMESPACE);
      return {
        id,
        type: fact.type,
        schemaVersion: SCHEMA_VERSION,
        data,
        occurredAt: isoNow(clock),
        metadata,
      };
    });
    try {
      await log.append(stream, revision ?? 'no_stream', events);
      return;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
