import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyOfEmpty } from '../support/data-template.js';
import { makeDirtyLog } from '../support/dirty-log.js';
import {
  type Ended,
  motcua,
  motcuaProgram,
  type Program,
  serverRuns,
  startedService,
  temporaryFolder,
} from '../support/program.js';
import { bearer } from '../support/tokens.js';

const REPORT = ['report', '--form', 'II.06a', '--period', '2024-H1'];
const DOSSIER = 'H54.12-240102-0001';
const COMMANDS = [
  ...['import', 'report', 'due', 'replay', 'verify', 'rebuild', 'demo'],
  ...['migrate', 'backup', 'restore', 'keys'],
];
const LIMIT = 60_000;

describe('the command line', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = await temporaryFolder();
    env = { MOTCUA_DATA: join(folder.path, 'data') };
  });
  afterAll(() => folder.remove());

  describe('before there is any data', () => {
    it.each([[], ...COMMANDS.map((name) => [name])].map((args) => [[...args, '--help']]))(
      'explains %j',
      async (args) => {
        const { code, stdout, stderr } = await motcua(args, env);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).toMatch(/^Usage: motcua/);
      },
    );

    it.each([
      ['a command that there is not', ['weigh'], /weigh/],
      ['an option that there is not', ['verify', '--loud'], /--loud/],
      ['a report without a form', ['report'], /--form/],
      ['a form that there is not', ['report', '--form', 'X.1'], /X\.1/],
      ['too many arguments', ['rebuild', 'worklist', 'report'], /too many/],
      ['a projection that there is not', ['rebuild', 'nothing'], /nothing.*worklist, report/],
      ['an instant of a replay that is none', ['replay', DOSSIER, '--at', 'yesterday'], /--at/],
      [
        'a log that is not there',
        ['import', 'no.csv', '--mapping', 'config/import/receipt.json'],
        /Cannot read no\.csv \(ENOENT\)/,
      ],
      [
        'a mapping that is not there',
        ['import', 'package.json', '--mapping', 'no.json'],
        /Cannot read no\.json \(ENOENT\)/,
      ],
      ['a backup to nowhere', ['backup', '--to', ''], /--to .*required/],
      ['a restore from nowhere', ['restore', '--from', ' '], /--from .*required/],
      ['keys to nowhere', ['keys', 'export', '--to', ''], /--to .*required/],
      ['keys from nowhere', ['keys', 'import', '--from', ' '], /--from .*required/],
      ['an option of keys that there is not', ['keys', 'rotate', '--loud'], /--loud/],
      ['a mapping that is none', ['import', 'package.json', '--mapping', 'package.json'], /mapping/],
      ['an import of nothing', ['import'], /--mapping/],
      ['a calendar that is not there', ['due', '--calendar', 'no.json'], /no\.json/],
      ['a calendar that is none', ['due', '--calendar', 'package.json'], /package\.json/],
    ])('refuses %s in one line', async (_what, args, named) => {
      refused(await motcua(args, env), named);
    });

    it('says the same as a process of its own', async () => {
      refused(await motcua(['weigh'], env, ''), /weigh/);
      expect(await motcua([], env, '')).toMatchObject({ code: 1, stdout: '' });
    });

    it.each([['verify'], REPORT, ['replay', DOSSIER], ['rebuild'], ['backup', '--to', '-']])(
      'finds no fault and makes no database where there is none: %s',
      async (...args) => {
        const MOTCUA_DATA = join(folder.path, 'mistyped');
        refused(await motcua(args, { MOTCUA_DATA }), /no data of motcua in .*mistyped; check MOTCUA_DATA/);
        expect(await readdir(folder.path)).not.toContain('mistyped');
      },
    );

    it('names a setting that is misspelt', async () => {
      const { stderr } = await motcua(['verify'], { ...env, MOTCUA_DATE: folder.path });
      expect(stderr).toMatch(/^motcua: MOTCUA_DATE is no setting .*MOTCUA_DATA\?\n/);
    });

    it('refuses a data folder that cannot be, and a database out of reach', async () => {
      await writeFile(join(folder.path, 'file'), '');
      refused(await motcua(['demo'], { MOTCUA_DATA: join(folder.path, 'file', 'data') }), /file\/data/);
      refused(
        await motcua(['verify'], { DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/db' }),
        /^(?!.*secret).*127\.0\.0\.1:1/,
      );
    });

    it('counts due instants without a database', async () => {
      const line = { id: 1, start: '2024-02-05T10:00:00+07:00', limit: { value: 1, unit: 'working_day' } };
      const calendar = join(folder.path, 'calendar.json');
      const hours = [
        ['07:00', '11:30'],
        ['13:30', '17:00'],
      ];
      const week = { mon: hours, tue: hours };
      await writeFile(calendar, JSON.stringify({ zone: 'Asia/Ho_Chi_Minh', startRule: 'next_day', week }));
      const answer = await motcua(['due', '--calendar', calendar], env, `${JSON.stringify(line)}\nno json\n`);
      expect(answer.code).toBe(0);
      const [due, wrong] = answer.stdout
        .split('\n')
        .map((text) => (text ? (JSON.parse(text) as object) : {}));
      expect(due).toEqual({ id: 1, due: '2024-02-06T03:00:00.000Z' });
      expect(wrong).toHaveProperty('error');
    });

    it(
      'reports zeros on an empty log, and leaves no server behind; so it does after what is no period',
      async () => {
        await copyOfEmpty(env.MOTCUA_DATA!);
        const { program } = await startedService({ ...env, MOTCUA_DEMO: 'off' }, []);
        program.signal('SIGTERM');
        await program.ended;
        refused(await motcua([...REPORT.slice(0, 3), '--period', '2024-Q9'], env), /2024-Q9/);
        const noon = [...REPORT.slice(0, 3), '--from', 'noon', '--to', 'night'];
        refused(await motcua(noon, env), /noon/);
        refused(await motcua(['backup', '--to', '-'], env), /no event in .*; check MOTCUA_DATA/);
        const { code, stdout } = await motcua([...REPORT, '--json', '--zone', 'Asia/Ho_Chi_Minh'], env);
        expect(code).toBe(0);
        expect(total(stdout)).toMatchObject({ '3': 0, '11': 0 });
        expect(await serverRuns(env.MOTCUA_DATA!)).toBe(false);
      },
      LIMIT,
    );
  });

  describe('on the demonstration desk, first without the service and then beside it', () => {
    let without: Ended;
    let service: { program: Program; url: string };
    beforeAll(async () => {
      expect(await motcua(['demo'], env)).toMatchObject({ code: 0, stderr: '' });
      without = await motcua([...REPORT, '--json'], env);
      // A command is under way while the service starts, and ends before it.
      const early = motcuaProgram(['verify'], env);
      service = await startedService(env);
      expect(await early.ended).toMatchObject({ code: 0 });
    }, LIMIT);
    afterAll(async () => {
      service.program.signal('SIGTERM');
      await service.program.ended;
    });

    it('counts the same beside the service as without it, and the service goes on', async () => {
      const beside = await motcua([...REPORT, '--json'], env);
      expect(beside).toMatchObject({ code: 0, stderr: '' });
      // The service has opened accounts meanwhile: the log is longer by them.
      const { position: _position, ...same } = JSON.parse(without.stdout) as Record<string, unknown>;
      expect(JSON.parse(beside.stdout)).toMatchObject(same);
      expect(total(beside.stdout)).toMatchObject({ '3': 130, '4': 110, '5': 7, '6': 13, '10': 0, '11': 11 });
      const served = await fetch(`${service.url}/api/reports/ii-06a?period=2024-H1`, {
        headers: bearer('clerk-1'),
      });
      expect((await served.json()) as object).toMatchObject({ total: total(without.stdout) });
      expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    });

    it('did not load a second demonstration, and does not when told again', async () => {
      expect(service.program.stdout).not.toMatch(/demonstration/);
      const before = await motcua(['verify', '--json'], env);
      expect(await motcua(['demo'], env)).toMatchObject({ code: 0 });
      expect((await motcua(['verify', '--json'], env)).stdout).toBe(before.stdout);
    });

    it(
      'gives the report as a table, as CSV and as a workbook',
      async () => {
        expect((await motcua(REPORT, env)).stdout).toMatch(/II\.06a[\s\S]*130/);
        expect((await motcua([...REPORT, '--csv'], env)).stdout).toMatch(/130/);
        const [csv, xlsx] = [join(folder.path, 'report.csv'), join(folder.path, 'report.xlsx')];
        expect(await motcua([...REPORT, '--csv', csv], env)).toMatchObject({ code: 0, stdout: '' });
        expect(await motcua([...REPORT, '--xlsx', xlsx], env)).toMatchObject({ code: 0, stdout: '' });
        expect((await stat(csv)).size).toBeGreaterThan(100);
        expect((await readFile(xlsx)).subarray(0, 2).toString()).toBe('PK');
        await mkdir(join(folder.path, 'folder'));
        refused(await motcua([...REPORT, '--csv', join(folder.path, 'folder')], env), /folder/);
      },
      LIMIT,
    );

    it('replays a dossier as it is, and knows nothing of it before it was recorded', async () => {
      const now = await motcua(['replay', DOSSIER, '--json'], env);
      expect(JSON.parse(now.stdout)).toMatchObject({ code: DOSSIER });
      expect((await motcua(['replay', DOSSIER], env)).stdout).toContain('DossierAccepted');
      refused(await motcua(['replay', DOSSIER, '--at', '2024-01-01T00:00:00Z'], env), new RegExp(DOSSIER));
      refused(await motcua(['replay', 'H54.12-240102-9999'], env), /H54\.12-240102-9999/);
    });

    it('verifies the log', async () => {
      const told = await motcua(['verify'], env);
      expect(told).toMatchObject({ code: 0, stderr: '' });
      expect(told.stdout).toMatch(/nothing was changed, removed or swapped/);
    });

    it(
      'rebuilds one read model or all, with nothing different, beside the service',
      async () => {
        const one = await motcua(['rebuild', 'report'], env);
        expect(one).toMatchObject({ code: 0, stderr: '' });
        expect(one.stdout).toMatch(/^report: \d+ events/);
        const all = await motcua(['rebuild', '--json'], env);
        const reports = JSON.parse(all.stdout) as { name: string; compared: boolean; tables: object[] }[];
        expect(reports.map(({ name, compared }) => [name, compared])).toEqual([
          ['worklist', true],
          ['report', true],
          ['erasures', true],
          ['reminders', true],
          ['inbox', true],
          ['durations', true],
        ]);
        for (const table of reports.flatMap(({ tables }) => tables)) {
          expect(table).toMatchObject({ onlyOld: 0, onlyNew: 0, changed: 0 });
        }
      },
      LIMIT,
    );

    it(
      'imports a log once, however often it is told, and takes it back',
      async () => {
        const log = join(folder.path, 'log.csv');
        const { csv, truth } = makeDirtyLog(3, 40);
        await writeFile(log, csv);
        const command = ['import', log, '--mapping', 'config/import/receipt.json', '--json'];
        const first = JSON.parse((await motcua(command, env)).stdout) as Record<string, number>;
        expect(first.accepted! + first.refused!).toBe(first.read);
        expect(first).toMatchObject({ accepted: truth.rows, dossiers: truth.dossiers, again: false });
        const second = JSON.parse((await motcua(command, env)).stdout) as Record<string, number>;
        expect(second).toMatchObject({ accepted: truth.rows, dossiers: 0, events: 0, again: true });
        const back = await motcua(['import', '--reverse', log, '--json'], env);
        expect(JSON.parse(back.stdout)).toMatchObject({ dossiers: truth.dossiers });
        expect((await motcua(['verify'], env)).code).toBe(0);
      },
      LIMIT,
    );
  });
});

/** One line that names what is wrong, no result, and a status that says so. */
function refused({ code, stdout, stderr }: Ended, named: RegExp): void {
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^motcua: .+\n$/);
  expect(stderr).toMatch(named);
}

function total(json: string): Record<string, number> {
  return (JSON.parse(json) as { total: Record<string, number> }).total;
}
