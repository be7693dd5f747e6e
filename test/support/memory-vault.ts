import { createHmac } from 'node:crypto';
import type { JsonObject } from '#libs/event-log/json.js';
import { type ClearPart, ERASED, type Opened, type SealedPart } from '#libs/personal-data/sealed.js';
import type { DigestPurpose, Vault } from '#libs/personal-data/vault.js';

/** A vault that hides nothing, for tests of what only passes sealed parts on. */
export class MemoryVault implements Vault {
  private readonly erased = new Set<string>();

  seal(parts: readonly ClearPart[]): Promise<SealedPart[]> {
    const sealed = parts.map(({ person, part, fields }) => {
      const box = Buffer.from(JSON.stringify(fields)).toString('base64url');
      return { subject: person.otherwise, part, box };
    });
    return Promise.resolve(sealed);
  }

  open(parts: readonly SealedPart[]): Promise<Opened[]> {
    const opened = parts.map(({ subject, box }): Opened =>
      this.erased.has(subject)
        ? ERASED
        : (JSON.parse(Buffer.from(box, 'base64url').toString()) as JsonObject),
    );
    return Promise.resolve(opened);
  }

  erase(subjects: readonly string[]): Promise<void> {
    for (const subject of subjects) this.erased.add(subject);
    return Promise.resolve();
  }

  digest(purpose: DigestPurpose, text: string): Buffer {
    return createHmac('sha256', 'test').update(`${purpose}\n${text}`).digest();
  }
}
