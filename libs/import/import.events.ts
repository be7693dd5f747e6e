export const IMPORT_CATEGORY = 'import';

/** What came of a run over a whole log. accepted + refused = read. */
export interface ImportCounts {
  readonly read: number;
  readonly accepted: number;
  readonly refused: number;
  /** Of the accepted rows, those that brought nothing new. */
  readonly repeated: number;
  /** Dossiers that got events. */
  readonly dossiers: number;
  /** Events appended to dossiers. */
  readonly events: number;
}

/** Type → data of the events in the stream `import-{SHA-256 of the file}`. */
export interface ImportEventData {
  /** Before the first dossier is touched. `mapping`: SHA-256 of the mapping file. */
  ImportStarted: { file: string; fileName: string; mapping: string; mappingName: string };
  /** The file was read to its end, or to where it is broken. */
  ImportCompleted: ImportCounts & { broken: boolean };
  /** Every dossier that it brought something into has its `ImportReversed`. */
  ImportTakenBack: { file: string; dossiers: number };
}

export type ImportEventType = keyof ImportEventData;
