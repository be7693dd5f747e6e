/** Columns of table `facts`; `factRecord` gives their values. */
export const FACT_COLUMNS = {
  code: 'text',
  unit: 'text',
  procedure: 'text',
  field: 'text',
  channel: 'text',
  zone: 'text',
  accepted_at: 'timestamptz',
  due_at: 'timestamptz',
  overdue_from: 'timestamptz',
  ended_at: 'timestamptz',
  counted_end_at: 'timestamptz',
  end_class: 'text',
  on_time_recorded: 'boolean',
  end_imported: 'boolean',
  needs_explanation: 'text[]',
  /** The fold's own state (`FactState`) as JSON; nothing in the database looks into it. */
  state: 'text',
} as const;

/** What totals add up. The sums of all points before an instant give every column at that instant. */
export const MEASURES = [
  'received_online',
  'received_offline',
  'open',
  'ended_before',
  'ended_on',
  'ended_late',
  'ended_on_time_recorded',
  'ended_imported',
  'overdue',
] as const;
export type Measure = (typeof MEASURES)[number];

/** Buckets from fine to coarse; each is cut at the wall clock of the dossier's zone. */
export const LEVELS = ['day', 'month', 'year'] as const;

export const TOTALS_KEY = ['level', 'zone', 'start', 'unit', 'field', 'procedure'] as const;

/** The instants at which the facts in `source` change a measure, each with the change. */
export function pointsOf(source: string): string {
  const point = (at: string, changes: Partial<Record<Measure, string>>): string =>
    `SELECT code, unit, field, procedure, zone, ${at} AS at, ${MEASURES.map((m) => `${changes[m] ?? '0'} AS ${m}`).join(', ')}
       FROM ${source} WHERE ${at} IS NOT NULL`;
  return [
    point('accepted_at', {
      received_online: `(channel = 'online')::int`,
      received_offline: `(channel <> 'online')::int`,
      open: '1',
    }),
    point('counted_end_at', {
      open: '-1',
      ended_before: `(end_class = 'before')::int`,
      ended_on: `(end_class = 'on')::int`,
      ended_late: `(end_class = 'late')::int`,
      ended_on_time_recorded: 'on_time_recorded::int',
      ended_imported: 'end_imported::int',
      overdue: '-(overdue_from IS NOT NULL)::int',
    }),
    point('overdue_from', { overdue: '1' }),
  ].join('\nUNION ALL\n');
}

/** Codes compare by their bytes: faster, and pages keep their order whatever the database's language. */
const TEXT = 'text COLLATE "C"';

/** Tables without what is made faster in one go when they are full (`indexesSql`). */
export function tablesSql(schema: string): string {
  return `
    CREATE TABLE ${schema}.facts (
      ${Object.entries(FACT_COLUMNS)
        .map(([name, type]) => `${name} ${type === 'text' ? TEXT : type}`)
        .join(', ')},
      PRIMARY KEY (code)
    );
    CREATE INDEX facts_needs_explanation ON ${schema}.facts (code) WHERE needs_explanation <> '{}';
    CREATE VIEW ${schema}.points AS ${pointsOf(`${schema}.facts`)};
    CREATE TABLE ${schema}.totals (
      level ${TEXT}, zone ${TEXT}, start timestamptz, unit ${TEXT}, field ${TEXT}, procedure ${TEXT},
      ${MEASURES.map((m) => `${m} int NOT NULL`).join(', ')}
    );`;
}

const INSTANT_INDEXES = ['accepted_at', 'counted_end_at', 'overdue_from'];

/** What reading by instants and live folding need; a rebuild does without until its end. */
export function indexesSql(schema: string): string {
  return [
    `ALTER TABLE ${schema}.totals ADD PRIMARY KEY (${TOTALS_KEY.join(', ')});`,
    ...INSTANT_INDEXES.map(
      (column) => `CREATE INDEX facts_${column} ON ${schema}.facts (${column}) WHERE ${column} IS NOT NULL;`,
    ),
  ].join('\n');
}

/** Fills the empty totals: days from the points, then each level from the one below it. */
export function fillTotalsSql(schema: string): string {
  return LEVELS.map((level, i) => {
    const below = LEVELS[i - 1];
    const [source, instant] = below
      ? [`${schema}.totals WHERE level = '${below}'`, 'start']
      : [`${schema}.points`, 'at'];
    return `INSERT INTO ${schema}.totals
      SELECT '${level}', zone, date_trunc('${level}', ${instant}, zone), unit, field, procedure,
             ${MEASURES.map((m) => `sum(${m})`).join(', ')}
        FROM ${source} GROUP BY 1, 2, 3, 4, 5, 6;`;
  }).join('\n');
}
