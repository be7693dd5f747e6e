/** JSON of a report; positions and revisions stay far below 2^53. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? Number(member) : member))}\n`;
}
