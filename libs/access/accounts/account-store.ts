import { v5 as uuidV5 } from 'uuid';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import {
  type EventLog,
  type EventMetadata,
  idOf,
  type RecordedEvent,
  streamName,
  WrongExpectedRevision,
} from '#libs/event-log/event-log.js';
import { canonicalJson, sha256 } from '#libs/event-log/hash.js';
import type { Json, JsonObject } from '#libs/event-log/json.js';
import { Problem } from '#libs/problem/problem.js';
import type { Principal } from '../principal.js';
import { type Account, type Accounts, evolveAccount, isOpen, isValid, lentTo } from './account.js';
import {
  ACCOUNT_CATEGORY,
  type AccountFact,
  ACCOUNTS_STREAM,
  type AccountsEventData,
} from './account.events.js';
import { type AccountCommand, decideAccount } from './decide-account.js';
import { within } from './grants.js';
import { feedHash, tokenHash } from './token.js';

/** Who gives a command, and in answer to what. */
export interface AccountContext {
  readonly actor: string;
  readonly correlationId: string;
  /** The actor's idempotency key: the same key with the same content is one command. */
  readonly key: string;
  /** SHA-256 of the secret, where a token or a calendar feed is issued. */
  readonly tokenHash?: string;
}

export interface AccountOutcome {
  /** As it is now. */
  readonly account: Account;
  /** `unchanged`: it was so already. `repeated`: this key did it before. */
  readonly outcome: 'done' | 'unchanged' | 'repeated';
  /** Of the delegation or token, where one was made. */
  readonly id: string;
}

/** Does one thing after another, also between processes. */
export type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

/** Namespace of the ids of account events (UUID version 5). */
const EVENT_NAMESPACE = '0f5d3c0e-6c36-5c0c-9d7e-61636373746f';
const SCHEMA_VERSION = 1;
const MAX_ATTEMPTS = 5;

/** All accounts in memory, kept up with the log; the one way to change them. */
export class AccountStore {
  private readonly accounts = new Map<string, Account>();
  /** Last revision folded in, by account. */
  private readonly revisions = new Map<string, bigint>();
  /** Account and token id by the hash of the secret. */
  private readonly tokens = new Map<string, { account: string; token: string }>();
  /** Account by the hash of the secret of its calendar feed. */
  private readonly feeds = new Map<string, string>();
  /** Hash of the content of each command that has an event, by the event's id. */
  private readonly commands = new Map<string, string | undefined>();
  /** Everything up to here is folded in; undefined before the first reading. */
  private position: bigint | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly clock: Clock,
    private readonly exclusively: Exclusively,
  ) {}

  get all(): Accounts {
    return this.accounts;
  }

  /** Reads what the log holds beyond what is known here. */
  async refresh(): Promise<void> {
    const from = this.position;
    const head = await this.log.head();
    if (from === undefined) await this.readAccounts();
    else if (from < head) {
      const categories = [ACCOUNT_CATEGORY];
      for await (const event of this.log.readAll({ from, until: head, categories })) this.fold(event);
    }
    this.reach(head);
  }

  /** Folds in what any process changes, until the signal. */
  async follow(signal: AbortSignal): Promise<void> {
    await this.refresh();
    const from = this.position ?? 0n;
    for await (const { events, position } of this.log.subscribeAll({
      from,
      categories: [ACCOUNT_CATEGORY],
      signal,
    })) {
      for (const event of events) this.fold(event);
      this.reach(position);
    }
  }

  /**
   * What an account may do: its own grants, and what others have lent it. A token narrows its own ones, and has none
   * of the lent. Undefined for an account that is unknown or closed.
   */
  principalOf(id: string, by: Principal['by'], now = isoNow(this.clock)): Principal | undefined {
    const account = this.accounts.get(id);
    if (!account || !isOpen(account)) return undefined;
    return { id, by, grants: [...account.grants, ...this.lentTo(id, now)] };
  }

  /** What others have lent to this account id, also to one that is known elsewhere only. */
  lentTo(id: string, now = isoNow(this.clock)): Principal['grants'] {
    return lentTo(id, this.accounts.values(), now);
  }

  /** Who shows this token; undefined if it is unknown, has ended or was revoked, or its account is closed. */
  principalByToken(secret: string): Principal | undefined {
    const hash = tokenHash(secret);
    const known = hash === undefined ? undefined : this.tokens.get(hash);
    const account = known && this.accounts.get(known.account);
    const token = account?.tokens.find(({ id }) => id === known?.token);
    if (!account || !token || !isOpen(account) || !isValid(token, isoNow(this.clock))) return undefined;
    return { id: account.id, by: 'token', grants: within(token.grants, account.grants) };
  }

  /** Whose calendar feed this is the secret of; undefined if it is wrong, was withdrawn, or its account is closed. */
  principalByFeed(secret: string): Principal | undefined {
    const hash = feedHash(secret);
    const account = hash === undefined ? undefined : this.feeds.get(hash);
    if (account === undefined || this.accounts.get(account)?.feed !== hash) return undefined;
    return this.principalOf(account, 'token');
  }

  /**
   * Carries out a command, and knows it when the promise resolves.
   * @throws Problem, as the decision says; `idempotency-key-reused` if the key came with other content before
   * @throws LogUnavailable if the outcome is unknown: repeat with the same key
   */
  async carryOut(command: AccountCommand, context: AccountContext): Promise<AccountOutcome> {
    const { account } = command;
    const { actor, key, correlationId } = context;
    const commandId = uuidV5(`${actor}\n${key}`, EVENT_NAMESPACE);
    const commandHash = sha256(canonicalJson(command as unknown as Json));
    const id = uuidV5(commandId, EVENT_NAMESPACE).slice(0, 13);
    const metadata = { actor, correlationId, causationId: commandId, commandId, commandHash };
    const eventId = uuidV5('event', commandId);
    return this.exclusively(async () => {
      for (let attempt = 1; ; attempt += 1) {
        await this.refresh();
        if (this.commands.has(eventId)) {
          if (this.commands.get(eventId) !== commandHash) throw new Problem('idempotency-key-reused');
          return { account: this.known(account), outcome: 'repeated', id };
        }
        const deciding = { accounts: this.accounts, now: isoNow(this.clock), newId: id };
        const { tokenHash } = context;
        const fact = decideAccount(command, { ...deciding, ...(tokenHash ? { tokenHash } : {}) });
        if (!fact) return { account: this.known(account), outcome: 'unchanged', id };
        try {
          const { repeated } = await this.append(account, fact, eventId, metadata);
          await this.refresh();
          return { account: this.known(account), outcome: repeated ? 'repeated' : 'done', id };
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision) || attempt === MAX_ATTEMPTS) throw error;
        }
      }
    });
  }

  private async append(
    account: string,
    fact: AccountFact,
    id: string,
    metadata: EventMetadata,
  ): Promise<{ repeated: boolean }> {
    const stated = { schemaVersion: SCHEMA_VERSION, occurredAt: isoNow(this.clock), metadata };
    if (fact.type === 'AccountOpened') {
      const listed = { id: uuidV5(`listed\n${account}`, EVENT_NAMESPACE), type: 'AccountListed' };
      await this.log.append(ACCOUNTS_STREAM, 'any', [{ ...listed, data: { account }, ...stated }]);
    }
    const data = fact.data as unknown as JsonObject;
    const expected = this.revisions.get(account) ?? 'no_stream';
    return this.log.append(streamName(ACCOUNT_CATEGORY, account), expected, [
      { id, type: fact.type, data, ...stated },
    ]);
  }

  private async readAccounts(): Promise<void> {
    for await (const { data } of this.log.readStream(ACCOUNTS_STREAM)) {
      const { account } = data as unknown as AccountsEventData['AccountListed'];
      const stream = streamName(ACCOUNT_CATEGORY, account);
      for await (const event of this.log.readStream(stream)) this.fold(event);
    }
  }

  /** Each event once, whether it came by reading or by the subscription. */
  private fold(event: RecordedEvent): void {
    const id = idOf(event.stream);
    const known = this.revisions.get(id);
    if (known !== undefined && event.revision <= known) return;
    this.revisions.set(id, event.revision);
    this.commands.set(event.id, event.metadata.commandHash);
    const fact = { type: event.type, data: event.data } as unknown as AccountFact;
    const account = evolveAccount(this.accounts.get(id), fact, event.occurredAt);
    if (account) this.accounts.set(id, account);
    if (fact.type === 'CalendarFeedIssued') this.feeds.set(fact.data.hash, id);
    if (fact.type === 'TokenIssued') this.tokens.set(fact.data.hash, { account: id, token: fact.data.token });
  }

  private reach(position: bigint): void {
    if (this.position === undefined || position > this.position) this.position = position;
  }

  private known(id: string): Account {
    const account = this.accounts.get(id);
    if (!account) throw new Problem('account-unknown', { account: id });
    return account;
  }
}
