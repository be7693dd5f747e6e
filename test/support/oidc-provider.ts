import { jest } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';
import type { Configuration } from 'oidc-provider';

export const CLIENT = { id: 'motcua', secret: 'a secret between us' };

export interface TestPerson {
  readonly sub: string;
  readonly preferred_username?: string;
  readonly groups?: readonly string[];
}

export interface TestProvider {
  readonly issuer: string;
  /** Who sits at the browser; undefined: he turns away. */
  person: TestPerson | undefined;
  /** Whether the ID token has all claims, or only userinfo has. */
  readonly inIdToken: boolean;
  /** Stops to answer. */
  stop(): Promise<void>;
  /** Answers again, on the same port. */
  restart(): Promise<void>;
}

export interface TestProviderOptions {
  readonly redirectUris: readonly string[];
  readonly afterSignOut?: readonly string[];
  readonly inIdToken?: boolean;
  /** Says it is another one than it is. */
  readonly issuer?: string;
}

/** A real provider of OpenID Connect on this machine, at which nobody has to type anything. */
export async function startProvider({
  redirectUris,
  afterSignOut = [],
  inIdToken = false,
  issuer: claimed,
}: TestProviderOptions): Promise<TestProvider> {
  const server = createServer();
  const port = await listen(server, 0);
  const origin = `http://127.0.0.1:${port}`;
  const state: { person: TestPerson | undefined } = { person: undefined };
  const known = new Map<string, TestPerson>();
  const configuration: Configuration = {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...redirectUris],
        post_logout_redirect_uris: [...afterSignOut],
      },
    ],
    cookies: { keys: ['only a test'] },
    claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'groups'],
    conformIdTokenClaims: !inIdToken,
    ttl: Object.fromEntries(ARTIFACTS.map((name) => [name, 600])),
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_context, interaction) => `${origin}/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...known.get(sub), sub }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        ...(oidc.client ? { clientId: oidc.client.clientId } : {}),
        ...(oidc.session?.accountId === undefined ? {} : { accountId: oidc.session.accountId }),
      });
      grant.addOIDCScope('openid profile groups');
      await grant.save();
      return grant;
    },
  };
  const provider = await quietly(async () => {
    const { default: OfOidc } = await import('oidc-provider');
    return new OfOidc(claimed ?? origin, configuration);
  });
  const answer = provider.callback();
  server.on('request', (request, reply) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, reply);
    const { person } = state;
    if (person) known.set(person.sub, person);
    const result = person
      ? { login: { accountId: person.sub } }
      : { error: 'access_denied', error_description: 'He turned away' };
    provider.interactionFinished(request, reply, result, { mergeWithLastSubmission: false }).catch(() => {
      reply.statusCode = 500;
      reply.end();
    });
  });
  return {
    issuer: origin,
    inIdToken,
    get person() {
      return state.person;
    },
    set person(person) {
      state.person = person;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    restart: async () => {
      await listen(server, port);
    },
  };
}

const ARTIFACTS = ['Interaction', 'Grant', 'Session', 'AccessToken', 'IdToken', 'AuthorizationCode'];

/** It warns of what a real office would have to change, its age of Node included. */
async function quietly(work: () => Promise<Provider>): Promise<Provider> {
  const warnings = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    return await work();
  } finally {
    warnings.mockRestore();
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
