import { createHmac } from 'node:crypto';
import { Problem } from '#libs/problem/problem.js';
import { box, KEY_BYTES, unbox } from './box.js';

/** Wraps the keys of persons; itself never in the database. */
export interface MasterKey {
  /** Tells which key it is and nothing about it: what stands beside everything that it wraps. */
  readonly id: string;
  readonly key: Buffer;
}

/** The digest secret of the installation, wrapped like a person's key. */
export const DIGEST_SECRET = 'secret/digest';

const ID_BYTES = 6;

export function masterKeyOf(key: Buffer): MasterKey {
  const id = createHmac('sha256', key).update('motcua master key').digest('hex');
  return { id: id.slice(0, 2 * ID_BYTES), key };
}

/**
 * Keys in base64, one a line; blank lines, and what follows a #, say nothing.
 * @param where for the problem
 * @throws Problem `master-key-malformed`
 */
export function readMasterKeys(text: string, where: string): MasterKey[] {
  const keys: MasterKey[] = [];
  for (const [n, written] of text.split(/\r?\n/).entries()) {
    const line = (written.split('#', 1)[0] ?? '').trim();
    if (line === '') continue;
    if (!/^[\w+/-]{43}=?$/.test(line)) throw new Problem('master-key-malformed', { where, line: n + 1 });
    const key = masterKeyOf(Buffer.from(line, 'base64'));
    if (!keys.some(({ id }) => id === key.id)) keys.push(key);
  }
  if (keys.length === 0) throw new Problem('master-key-malformed', { where, line: 1 });
  return keys;
}

/** The master keys of this process. */
export class MasterKeys {
  /**
   * @param where they come from, for problems
   * @param read reads them again: a file may have got a further line
   */
  constructor(
    private keys: readonly MasterKey[],
    readonly where: string,
    private readonly read: () => readonly MasterKey[] = () => keys,
  ) {}

  /** The one that `keys rotate` goes to. */
  get first(): MasterKey {
    const [first] = this.keys;
    if (!first) throw new Error('there is no master key');
    return first;
  }

  /**
   * The key of this id. One that is not known is looked for where they come from, so that no process must be started
   * anew for a new one.
   * @throws Problem `master-key-missing`
   */
  of(id: string): MasterKey {
    const found = this.known(id) ?? this.again(id);
    if (!found) {
      const known = this.keys.map((key) => key.id).join(', ');
      throw new Problem('master-key-missing', { id, where: this.where, known });
    }
    return found;
  }

  private known(id: string): MasterKey | undefined {
    return this.keys.find((key) => key.id === id);
  }

  private again(id: string): MasterKey | undefined {
    try {
      this.keys = this.read();
    } catch {
      // Those that are known still open what they wrapped.
    }
    return this.known(id);
  }
}

/** @param subject the wrapped key opens for no other */
export function wrapKey({ key }: MasterKey, nonce: Buffer, subject: string, clear: Buffer): Buffer {
  return box(key, nonce, subject, clear);
}

/** @throws Problem `person-key-damaged` */
export function unwrapKey({ key }: MasterKey, subject: string, wrapped: Buffer): Buffer {
  const clear = unbox(key, subject, wrapped);
  if (clear?.length !== KEY_BYTES) throw new Problem('person-key-damaged', { subject });
  return clear;
}
