import { once } from 'node:events';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Clock } from '#libs/event-log/clock.js';
import { type Channel, RefusedForGood } from '../channel.js';
import type { Hook } from './hooks.js';
import { lookUpPublic, refuseLiteral } from './public-lookup.adapter.js';
import { reminderEvent } from './reminder-event.js';
import { signatureHeaders } from './sign.js';

export interface WebhookParts {
  readonly hooks: readonly Hook[];
  readonly publicUrl: string | undefined;
  readonly clock: Clock;
  /** How long the other side may take for all of it. */
  readonly limitMs?: number;
}

const LIMIT_MS = 10_000;
const MOST_ANSWER_BYTES = 65_536;
const GONE = 410;

/**
 * Web hooks: a signed CloudEvent, posted where an administrator allowed it. A redirect is an answer like any other that
 * is not 2xx. The address is looked at when the connection is made, so that no name can lead to a private one.
 */
export function webhookChannel({ hooks, publicUrl, clock, limitMs = LIMIT_MS }: WebhookParts): Channel {
  const byId = new Map(hooks.map((hook) => [hook.id, hook]));
  return {
    name: 'webhook',
    send: async (message, signal) => {
      const hook = byId.get(message.to);
      if (!hook) return 'gone';
      const body = reminderEvent(message, publicUrl);
      const headers = signatureHeaders({ key: message.key, at: clock.now(), body }, hook.secrets);
      const status = await post(hook, { body, headers, signal, limitMs });
      if (status >= 200 && status < 300) return 'sent';
      throw new (status === GONE ? RefusedForGood : Error)(`web hook ${hook.id} answered ${status}`);
    },
    addressees: ({ unit, about }) =>
      Promise.resolve(
        hooks
          .filter(({ units, topics }) => (units?.includes(unit) ?? true) && (topics?.includes(about) ?? true))
          .map(({ id }) => id),
      ),
  };
}

interface Post {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly limitMs: number;
}

/** @returns the status of the answer @throws Error that names the hook by its id, and nothing of its URL's query */
async function post(hook: Hook, { body, headers, signal, limitMs }: Post): Promise<number> {
  const limit = AbortSignal.timeout(limitMs);
  const answered = ask(hook, body, headers, AbortSignal.any([signal, limit]));
  const response = await answered.catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = limit.aborted ? `no answer within ${limitMs} ms` : (code ?? message);
    throw new Error(`web hook ${hook.id}: ${reason}`);
  });
  await passOver(response);
  return response.statusCode ?? 0;
}

async function ask(
  { url, allowPrivate = false }: Hook,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (!allowPrivate) refuseLiteral(url);
  const request = (new URL(url).protocol === 'https:' ? requestSecure : requestPlain)(url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'motcua',
    },
    // A connection of its own, so that its address is looked at.
    agent: false,
    ...(!allowPrivate && { lookup: lookUpPublic }),
    signal,
  });
  // What goes wrong after the answer has begun ends here: its status is what counts.
  request.on('error', () => undefined);
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** Takes the body in, so that the other side can end in order, but not more than it may be. */
async function passOver(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_ANSWER_BYTES) return;
    }
  } catch {
    // Broken off, by the other side or by the limit.
  }
}
