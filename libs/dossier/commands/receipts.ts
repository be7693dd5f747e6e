/** What is known of a command that came before. */
export interface Receipt {
  /**
   * Keyed by a secret of the installation, so that nobody can guess at the content. Gone once there is a code: then the
   * events tell, and forget it with the person whom they are about.
   */
  readonly hash: string;
  /** Code of the dossier it opened or changed; null while that is not known. */
  readonly code: string | null;
  /** True if another running process may still be at it. */
  readonly inProgress: boolean;
}

/**
 * Remembers commands by id, so that a repeat is known before it acts. Only an index: the events name their command
 * too, and decide.
 */
export interface Receipts {
  /** Claims the id. @returns undefined if it was free, else what is known of it */
  claim(commandId: string, hash: string): Promise<Receipt | undefined>;
  settle(commandId: string, code: string): Promise<void>;
  /** The command was refused: its id is free again. */
  release(commandId: string): Promise<void>;
}

export const RECEIPTS = Symbol('Receipts');
