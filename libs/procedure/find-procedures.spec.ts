import { describe, expect, it } from '@jest/globals';
import type { ProcedureVersion } from '#libs/reference/reference.events.js';
import { findProcedures, type ProcedureFilter } from './find-procedures.js';

const version = (over: Partial<ProcedureVersion>): ProcedureVersion => ({
  code: '1.1',
  version: 1,
  name: { vi: 'Thủ tục cấp Giấy chứng nhận đăng ký đầu tư', en: 'Issue of a certificate' },
  field: 'Đầu tư tại Việt Nam',
  level: 'province',
  limits: [],
  papers: [],
  fee: null,
  validity: null,
  note: null,
  validFrom: '2023-01-01',
  validTo: null,
  source: 'test',
  ...over,
});
const catalogue = [
  [version({}), version({ version: 2, validFrom: '2026-01-01' })],
  [version({ code: '2.2', name: { vi: 'Cấp giấy phép môi trường', en: null }, field: 'Môi trường' })],
];
const found = (filter: ProcedureFilter): string[] =>
  findProcedures(catalogue, filter).map((each) => `${each.code} v${each.version}`);

describe('looking up procedures', () => {
  it('gives the newest version of each', () => expect(found({})).toEqual(['1.1 v2', '2.2 v1']));

  it('gives the version in force on a date, if there is one', () => {
    expect(found({ on: '2025-12-31' })).toEqual(['1.1 v1', '2.2 v1']);
    expect(found({ on: '2022-12-31' })).toEqual([]);
  });

  it.each(['đầu tư', 'dau tu', 'ĐẦU TƯ', 'đầu tư'.normalize('NFD'), '1.1', 'certificate', 'tư cấp'])(
    'finds by %s, whatever case, marks and order',
    (q) => expect(found({ q })).toEqual(['1.1 v2']),
  );

  it('takes signs of patterns as they are', () => expect(found({ q: '%.*' })).toEqual([]));

  it('finds by field, composed or decomposed', () => {
    expect(found({ field: 'Môi trường'.normalize('NFD') })).toEqual(['2.2 v1']);
  });
});
