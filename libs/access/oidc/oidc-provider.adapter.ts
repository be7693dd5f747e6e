import {
  allowInsecureRequests,
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { Problem } from '#libs/problem/problem.js';
import { type Claims, isComplete, type OidcMapping } from './mapping.js';
import type { OidcTransaction } from './transaction.js';

export interface OidcSettings {
  /** Where `/.well-known/openid-configuration` is below. http only on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined for a public client. */
  readonly clientSecret: string | undefined;
  readonly scope: string;
  readonly mapping: OidcMapping;
  /** Scheme, host and port under which browsers reach this service. */
  readonly publicUrl: string;
}

/** Where the provider sends browsers back to: what is registered there. */
export const CALLBACK_PATH = '/api/session/oidc/callback';
const AFTER_SIGN_OUT = '/sign-in';

const ANSWER_SECONDS = 10;
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
/** Codes of the library for a provider that is away or ill, and not for an answer that is wrong. */
const AWAY = ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'];

export interface ProviderAnswer {
  /** The provider's own id of whoever signed in: never given to another. */
  readonly subject: string;
  readonly claims: Claims;
}

/**
 * A provider of OpenID Connect, by the authorization code flow with PKCE, state and nonce. What it offers is asked
 * when somebody first signs in, so that this service starts without it.
 */
export class OidcProvider {
  private configuration: Promise<Configuration> | undefined;

  constructor(
    readonly settings: OidcSettings,
    /** Told why the provider cannot be used. */
    private readonly log: (line: string) => void,
  ) {}

  /** Where to send a browser, and what to know again when it comes back. @throws Problem `oidc-unavailable` */
  async begin(): Promise<{ url: URL; transaction: Omit<OidcTransaction, 'returnTo'> }> {
    const configuration = await this.configured();
    const transaction = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.settings.publicUrl + CALLBACK_PATH,
      scope: this.settings.scope,
      state: transaction.state,
      nonce: transaction.nonce,
      code_challenge: await calculatePKCECodeChallenge(transaction.verifier),
      code_challenge_method: 'S256',
    });
    return { url, transaction };
  }

  /**
   * Takes the query that a browser came back with.
   * @throws Problem `oidc-refused` if the provider says so; `oidc-answer-wrong` for what is not its answer to this
   * transaction, or not from it; `oidc-unavailable`
   */
  async finish(query: string, transaction: OidcTransaction): Promise<ProviderAnswer> {
    const configuration = await this.configured();
    const { publicUrl, mapping } = this.settings;
    try {
      const tokens = await authorizationCodeGrant(configuration, new URL(publicUrl + CALLBACK_PATH + query), {
        expectedState: transaction.state,
        expectedNonce: transaction.nonce,
        pkceCodeVerifier: transaction.verifier,
        idTokenExpected: true,
      });
      const claims: Claims | undefined = tokens.claims();
      const subject = claims?.['sub'];
      if (claims === undefined || typeof subject !== 'string') throw new Problem('oidc-answer-wrong');
      if (isComplete(claims, mapping) || configuration.serverMetadata().userinfo_endpoint === undefined) {
        return { subject, claims };
      }
      const further: Claims = await fetchUserInfo(configuration, tokens.access_token, subject);
      return { subject, claims: { ...further, ...claims } };
    } catch (error) {
      throw this.problemOf(error);
    }
  }

  /** Where to send a browser to end the session at the provider; undefined if it has no such place. */
  async signOutUrl(): Promise<URL | undefined> {
    const configuration = await this.configured();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    return buildEndSessionUrl(configuration, {
      client_id: this.settings.clientId,
      post_logout_redirect_uri: this.settings.publicUrl + AFTER_SIGN_OUT,
    });
  }

  /** Asked for once; again after it failed. */
  private async configured(): Promise<Configuration> {
    this.configuration ??= this.discover();
    try {
      return await this.configuration;
    } catch (error) {
      this.configuration = undefined;
      this.log(`OpenID Connect: ${reasonOf(error)}`);
      throw new Problem('oidc-unavailable', { issuer: this.settings.issuer });
    }
  }

  private discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const url = new URL(issuer);
    const insecure = url.protocol === 'http:' && LOOPBACK.includes(url.hostname);
    return discovery(url, clientId, undefined, authenticationBy(clientSecret), {
      timeout: ANSWER_SECONDS,
      execute: [enableNonRepudiationChecks, ...(insecure ? [allowInsecureRequests] : [])],
    });
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof AuthorizationResponseError) {
      return new Problem('oidc-refused', { reason: plain(error.error) });
    }
    // Of the token endpoint: the code was used before, is not ours, or came too late; or our own secret is wrong.
    if (error instanceof ResponseBodyError && error.status < 500) {
      this.log(`OpenID Connect: the token endpoint answers ${plain(error.error)}`);
      return new Problem('oidc-answer-wrong');
    }
    if (error instanceof WWWAuthenticateChallengeError) {
      this.log('OpenID Connect: the provider does not take the client id or the client secret');
      return new Problem('oidc-answer-wrong');
    }
    this.log(`OpenID Connect: ${reasonOf(error)}`);
    return error instanceof ResponseBodyError || isAway(error)
      ? new Problem('oidc-unavailable', { issuer: this.settings.issuer })
      : new Problem('oidc-answer-wrong');
  }
}

/** In the header, as every provider has to take it, unless this one says that it does not. */
function authenticationBy(secret: string | undefined): ClientAuth {
  if (secret === undefined) return None();
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, client, body, headers) => {
    const takesBasic =
      server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') !== false;
    (takesBasic ? basic : post)(server, client, body, headers);
  };
}

function isAway(error: unknown): boolean {
  const { code = '', message, cause } = error as { code?: string; message?: string; cause?: unknown };
  return AWAY.includes(code) || message === 'fetch failed' || (cause !== undefined && isAway(cause));
}

/** What went wrong, without what anybody sent: a code, and the words of the library. */
function reasonOf(error: unknown): string {
  const { code, message, cause } = error as { code?: string; message?: string; cause?: unknown };
  const deeper = (cause as { code?: unknown } | undefined)?.code;
  return [message, code, typeof deeper === 'string' ? deeper : undefined].filter(Boolean).join(', ');
}

/** Codes of RFC 6749 are such; what is not is not repeated to anybody. */
const plain = (code: string): string => (/^[a-z_]{1,40}$/.test(code) ? code : 'error');
