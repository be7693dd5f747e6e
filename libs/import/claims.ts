import { isAccountId } from '#libs/access/account-id.js';
import { type Channel, CHANNELS } from '#libs/dossier/dossier.events.js';
import { parseInstant } from './instants.js';
import type { Field, Mapping } from './mapping.js';
import type { ReadableRecord } from './readers/record.js';

/** What one row says about its dossier. Instants are in UTC with milliseconds; null: the row does not say. */
export interface Claims {
  readonly row: number;
  readonly code: string;
  readonly activity: string;
  readonly instant: string;
  readonly eventId: string | null;
  readonly performer: string | null;
  readonly channel: Channel;
  readonly unit: string;
  readonly procedure: string;
  readonly case: string;
  /** Account in charge. */
  readonly official: string | null;
  /** The same where the log has something else in its place, such as a name. */
  readonly officialName: string | null;
  readonly acceptance: string | null;
  readonly due: string | null;
  readonly end: string | null;
}

export interface Refused {
  readonly row: number;
  readonly reason: string;
}

const MAX_CODE = 200;

/** Reads a row by a mapping: its claims, or why it is refused. */
export function claimsOf(record: ReadableRecord, mapping: Mapping): Claims | Refused {
  try {
    return read(record, mapping);
  } catch (error) {
    if (error instanceof Refusal) return { row: record.row, reason: error.message };
    throw error;
  }
}

class Refusal extends Error {}

function read({ row, fields }: ReadableRecord, mapping: Mapping): Claims {
  /** Trimmed and composed (NFC), so that one name is one string; translated. */
  const optional = (field: Field): string | null => {
    const source = mapping.columns[field];
    if (!source) return null;
    const raw = ('column' in source ? (fields.get(source.column) ?? '') : source.constant)
      .trim()
      .normalize('NFC');
    const table = mapping.values[field];
    return (table?.get(raw) ?? table?.get('*') ?? raw) || null;
  };
  const required = (field: Field): string => {
    const value = optional(field);
    if (value === null) throw new Refusal(`${nameOf(field, mapping)} is empty`);
    return value;
  };
  const parsed = (field: Field, text: string): string => {
    const instant = parseInstant(text, mapping.zone, mapping.instants);
    if (instant === undefined)
      throw new Refusal(`${nameOf(field, mapping)} is no instant: "${shorten(text)}"`);
    return instant;
  };
  const instant = (field: Field): string | null => {
    const text = optional(field);
    return text === null ? null : parsed(field, text);
  };
  const code = required('code');
  if (code.length > MAX_CODE || /\p{Cc}/u.test(code)) {
    throw new Refusal(
      `${nameOf('code', mapping)} is longer than ${MAX_CODE} characters or has control characters`,
    );
  }
  const official = optional('official');
  return {
    row,
    code,
    activity: required('activity'),
    instant: parsed('instant', required('instant')),
    eventId: optional('eventId'),
    performer: optional('performer'),
    channel: channel(required('channel')),
    unit: required('unit'),
    procedure: required('procedure'),
    case: optional('case') ?? 'default',
    ...(isAccountId(official)
      ? { official, officialName: null }
      : { official: null, officialName: official }),
    acceptance: instant('acceptance'),
    due: instant('due'),
    end: instant('end'),
  };
}

function channel(value: string): Channel {
  const found = CHANNELS.find((one) => one === value);
  if (!found) throw new Refusal(`the mapping has no channel for "${shorten(value)}"`);
  return found;
}

/** As the log's owner calls it. */
function nameOf(field: Field, mapping: Mapping): string {
  const source = mapping.columns[field];
  return source && 'column' in source ? `${field} ("${source.column}")` : field;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
