import tseslint from 'typescript-eslint';

/**
 * The house's import rule (docs/adr/0001): a package may import only what stands below it.
 * `libs/scim` is a leaf; apps compose and are imported by nobody but the command.
 */
const layers = {
  'libs/scim': [],
  'libs/config': [],
  'libs/database': ['config', 'scim'],
  'libs/journal': ['scim', 'database'],
  'libs/events': ['database', 'journal'],
  'libs/mailboxes': ['database', 'journal'],
  'libs/users': ['scim', 'database', 'journal', 'mailboxes'],
  'libs/tenants': ['config', 'scim', 'database', 'journal', 'mailboxes'],
  'libs/listener': ['config'],
  'libs/scim-http': ['scim', 'listener'],
  'apps/scim': ['config', 'scim', 'scim-http', 'listener', 'tenants', 'users', 'mailboxes', 'journal', 'database'],
  'apps/admin': ['config', 'listener', 'tenants', 'users', 'mailboxes', 'events', 'journal', 'database'],
  'apps/recipients': ['config', 'listener', 'mailboxes', 'journal', 'database'],
  'apps/cli': [
    ...['config', 'listener', 'database', 'journal', 'events', 'mailboxes', 'tenants', 'users'],
    ...['scim-app', 'admin-app', 'recipients-app'],
  ],
};
const everyPackage = [
  ...new Set(Object.keys(layers).map((folder) => folder.split('/')[1])),
  'scim-app',
  'admin-app',
  'recipients-app',
];

const importRules = Object.entries(layers).map(([folder, allowed]) => ({
  files: [`${folder}/src/**/*.ts`],
  ignores: ['**/*.spec.ts', '**/spec/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: everyPackage
          .filter((name) => !allowed.includes(name))
          .map((name) => ({
            name: `@cleanmail/${name}`,
            message: `${folder} may import only: ${allowed.join(', ') || 'nothing of ours'}.`,
          })),
        patterns: [
          { regex: '^@cleanmail/[^/]+/', message: 'Import a package by its public name, never a file inside it.' },
          { regex: '^(\\.\\./)+(libs|apps)/', message: 'Import another package by its name.' },
          ...(folder === 'libs/scim'
            ? [{ regex: '^(?!\\.{1,2}/).+', message: 'libs/scim is pure: no Nest, no TypeORM, no Node modules.' }]
            : []),
          ...(folder.startsWith('libs/') && !['libs/scim', 'libs/database'].includes(folder)
            ? [{ regex: '^(mysql2|better-sqlite3)', message: 'Drivers belong to libs/database.' }]
            : []),
        ],
      },
    ],
    ...(folder === 'libs/config'
      ? {}
      : {
          'no-restricted-properties': [
            'error',
            { object: 'process', property: 'env', message: 'The environment is read in libs/config only.' },
          ],
        }),
  },
}));

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'data/**', '.cache/**', 'examples/**'] },
  {
    files: ['{apps,bench,libs,test}/**/*.ts', 'ormconfig.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: ['tsconfig.eslint.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
    },
  },
  { files: ['test/**/*.ts', '**/*.spec.ts'], rules: { 'max-lines': 'off' } },
  // Plain CommonJS for TypeORM's own command line, which knows no types of `exports`.
  { files: ['ormconfig.ts'], rules: { '@typescript-eslint/no-unsafe-member-access': 'off' } },
  ...importRules,
);
