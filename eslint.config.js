import js from '@eslint/js';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const CLOCK_RULE = 'Time comes in through Clock (libs/event-log/clock.ts).';

/** What one file may not say, whatever its types. */
const syntax = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK_RULE },
  { selector: "CallExpression[callee.name='Date']", message: CLOCK_RULE },
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: CLOCK_RULE },
];

const testSyntax = [
  {
    selector:
      'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo|failing)$/], CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'Every test runs: none alone, none left out.',
  },
  {
    selector:
      'MemberExpression[property.name=/^(only|skip)$/] > MemberExpression[property.name=/^(each|concurrent)$/].object',
    message: 'Every test runs: none alone, none left out.',
  },
];

const cqrs = {
  name: '@nestjs/cqrs',
  importNames: [
    'AggregateRoot',
    'EventBus',
    'EventPublisher',
    'EventsHandler',
    'IEventHandler',
    'ICommandBus',
    'IEventBus',
    'ISaga',
    'Saga',
    'UnhandledExceptionBus',
  ],
  message: 'Only CommandBus and QueryBus: events travel through the log (docs/adr/0002-event-log-port.md).',
};

export default tseslint.config(
  { ignores: ['dist/', 'data/', 'coverage/', 'node_modules/'] },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  regexp.configs['flat/recommended'],
  {
    ignores: ['test/**', 'bench/**', 'tools/**', '**/*.spec.ts'],
    rules: {
      // A hostile text must not keep us busy for longer than its length deserves.
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': 'error',
    },
  },
  {
    rules: {
      // Brackets that only group, and ranges of ASCII such as [!-~], read well.
      'regexp/no-unused-capturing-group': 'off',
      'regexp/no-obscure-range': 'off',
    },
  },
  {
    files: ['test/**', 'bench/**', 'tools/**', '**/*.spec.ts'],
    rules: { 'regexp/no-super-linear-backtracking': 'off' },
  },
  {
    files: ['apps/api/pages/public/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'document',
          'fetch',
          'location',
          'history',
          'addEventListener',
          'crypto',
          'EventSource',
          'performance',
          'setTimeout',
          'URLSearchParams',
          'print',
          'URL',
          'DOMParser',
          'Intl',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-imports': ['error', { paths: [cqrs] }],
      'no-restricted-syntax': ['error', ...syntax],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { disallowTypeAnnotations: false, fixStyle: 'inline-type-imports' },
      ],
      // Nest's modules and DTOs are classes by design.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Codes, counts and bigint positions read well in messages; objects do not.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // An adapter may promise what its engine answers at once.
      '@typescript-eslint/require-await': 'off',
      // Helpers over SQL rows name the row they read: `query<Row>(sql)`.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-deprecated': [
        'error',
        // Deprecated only to stand out; ours asks for http on this machine alone.
        { allow: [{ from: 'package', package: 'openid-client', name: 'allowInsecureRequests' }] },
      ],
      // Control characters are what input is checked for.
      'no-control-regex': 'off',
      // Data from outside is checked at run time although its type says otherwise.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: [
      '**/*.{controller,handler,guard,interceptor,filter,pipe,dto,module,service,decorator,query,processor,projection,command}.ts',
      'apps/**/*.ts',
    ],
    rules: {
      // Decorated parameters need the class at run time: a type import would leave Nest nothing to inject.
      '@typescript-eslint/consistent-type-imports': 'off',
    },
  },
  {
    files: ['libs/event-log/clock.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', '**/*.spec.ts', 'libs/**/testing/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...syntax, ...testSyntax],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        __dirname: 'readonly',
        module: 'writable',
        require: 'readonly',
      },
    },
    rules: { 'no-console': 'error' },
  },
);
