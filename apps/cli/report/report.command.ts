import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { projectRoot } from '#apps/platform/project-root.js';
import { Problem } from '#libs/problem/problem.js';
import { toCsv } from '#libs/reports/ii-06a/csv.js';
import { procedureNames } from '#libs/reports/ii-06a/form.js';
import { reportII06a } from '#libs/reports/ii-06a/ii-06a.query.js';
import type { Grouping } from '#libs/reports/ii-06a/summarise.js';
import { toXlsx } from '#libs/reports/ii-06a/xlsx.js';
import { readReportPeriods } from '#libs/reports/periods/report-periods.query.js';
import { resolvePeriod } from '#libs/reports/periods/resolve-period.query.js';
import type { CliContext, OpenContext } from '../context.js';
import { toJson } from '../json.js';
import { toTable } from './table.js';
import { print } from '#apps/platform/say.js';

interface ReportOptions {
  readonly form: string;
  readonly from?: string;
  readonly to?: string;
  readonly period?: string;
  readonly zone?: string;
  readonly unit?: string;
  readonly by: Grouping;
  readonly json?: boolean;
  /** A file, or true for standard output. */
  readonly csv?: string | true;
  readonly xlsx?: string;
  readonly final?: boolean;
  readonly recount?: boolean;
}

const FORM = 'II.06a';

/** `report`: a form for a period, as a table, JSON, CSV or a workbook. */
export function reportCommand(open: OpenContext): Command {
  return new Command('report')
    .description('Counts a form for a period; its control sums are checked before it is given out.')
    .requiredOption('--form <form>', `form: ${FORM}`)
    .option('--from <instant>', 'first instant: ISO 8601 with offset, or a date (midnight at the desk)')
    .option('--to <instant>', 'first instant after the period')
    .option('--period <name>', 'instead: 2024-05, 2024-Q1, 2024-H1, 2024; R2024… by the reporting year')
    .option('--zone <zone>', 'IANA zone for dates and names of periods; default: that of the dossiers')
    .option('--unit <code>', 'only dossiers that this unit accepted')
    .addOption(
      new Option('--by <rows>', 'what a row is').choices(['field', 'procedure']).default('procedure'),
    )
    .addOption(new Option('--json', 'JSON on standard output').conflicts(['csv', 'xlsx']))
    .addOption(new Option('--csv [file]', 'CSV, on standard output or into a file').conflicts(['xlsx']))
    .option('--xlsx <file>', 'a workbook in the layout of the form')
    .option('--final', 'refuse unless every event of the log is counted')
    .option('--recount', 'also count every dossier one by one, and refuse if the totals say something else')
    .action(async (options: ReportOptions) => {
      if (options.form !== FORM) throw new Problem('unknown-form', { form: options.form, known: FORM });
      const context = await open();
      try {
        await context.catchUp();
        await report(context, options);
      } finally {
        await context.close();
      }
    });
}

async function report(context: CliContext, options: ReportOptions): Promise<void> {
  const { by, unit = null, final = false, recount = false } = options;
  const periods = await readReportPeriods(join(projectRoot, 'config/report-periods.json'));
  const sources = { ...context, engine: context.rawLog.engine };
  const period = await resolvePeriod(sources, options, { unit, zone: options.zone }, periods);
  const { from, to, zone } = period;
  const made = await reportII06a(sources, { from, to, unit, by, final, recount });
  const nameOf = procedureNames(context.reference.data);
  if (options.xlsx !== undefined) return writeFile(options.xlsx, await toXlsx(made, nameOf, zone));
  if (typeof options.csv === 'string') return writeFile(options.csv, toCsv(made, nameOf));
  if (options.csv) return void process.stdout.write(toCsv(made, nameOf));
  print(options.json ? toJson(made) : toTable(made, nameOf, zone));
}
