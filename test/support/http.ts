import { expect } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { randomUUID } from 'node:crypto';
import type { CommandAnswer } from '#libs/dossier/commands/answer.js';
import { Contract } from './contract.js';
import type { TestService } from './service.js';
import { bearer } from './tokens.js';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  /** The body as it came. */
  readonly text: string;
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly { pointer: string; detail: string }[];
  readonly [member: string]: unknown;
}

export interface Sent {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  /** Beside, or undefined: instead of, those that every request has. */
  readonly headers?: Record<string, string | undefined>;
}

const contracts = new WeakMap<TestService, Promise<Contract>>();

/** The service's own OpenAPI document. */
export function contractOf(service: TestService): Promise<Contract> {
  let contract = contracts.get(service);
  if (!contract) {
    contract = fetch(`${service.url}/api/openapi.json`).then(
      async (answer) => new Contract((await answer.json()) as OpenAPIObject),
    );
    contracts.set(service, contract);
  }
  return contract;
}

/** Asks the service, and holds its answer to its OpenAPI document. */
export async function call<T = CommandAnswer>(
  service: TestService,
  method: string,
  path: string,
  sent: Sent = {},
): Promise<Answer<T>> {
  const contract = await contractOf(service);
  const answer = await fetch(service.url + path, {
    method,
    headers: headersOf(method, sent),
    ...(sent.raw === undefined ? {} : { body: sent.raw }),
    ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
  });
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  const { status, headers } = answer;
  const body = (type.includes('json') && text !== '' ? JSON.parse(text) : text) as T;
  expect({ path, status, broken: contract.breaches(method, path, { status, type, body }), text }).toEqual({
    path,
    status: status < 500 || status === 503 ? status : 'below 500',
    broken: [],
    text,
  });
  return { status, headers, body, text };
}

/** As `call`, for what must be refused: with a problem of that status and type. */
export async function refused(
  service: TestService,
  problem: readonly [status: number, type: string],
  method: string,
  path: string,
  sent: Sent = {},
): Promise<ProblemBody> {
  const answer = await call<ProblemBody>(service, method, path, sent);
  const { status, type, title, detail } = answer.body;
  expect([answer.status, type, answer.text]).toEqual([
    problem[0],
    `/api/problems/${problem[1]}`,
    answer.text,
  ]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(status).toBe(answer.status);
  expect(title).not.toBe('');
  expect(detail).not.toMatch(/\{\w+\}/);
  return answer.body;
}

function headersOf(method: string, { body, headers = {} }: Sent): Record<string, string> {
  const all = {
    ...bearer('clerk-1'),
    ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
