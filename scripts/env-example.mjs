import './node-version.mjs';
import { fileURLToPath } from 'node:url';
import { variables } from '@cleanmail/config';

/** Every variable with its default as it is written in an environment; an empty default means that it may stay unset. */
export function variableRows() {
  return Object.entries(variables).map(([name, { schema, example, meaning }]) => {
    const { success, data } = schema.safeParse(undefined);
    return { name, default: success && data !== undefined ? String(data) : '', example, meaning };
  });
}

/** The text of `.env.example`: every variable commented out, with what it means. */
export function envExample() {
  const head = [
    '# Every variable of the service; none needs to be set. Load a copy named .env with:  set -a; . ./.env; set +a',
    '# Written by:  node scripts/env-example.mjs > .env.example',
  ];
  const blocks = variableRows().map(({ name, default: value, example, meaning }) => [
    '',
    `# ${meaning}${value === '' ? '' : ` Default: ${value}`}`,
    `# ${name}=${example}`,
  ]);
  return `${[...head, ...blocks.flat()].join('\n')}\n`;
}

/** The configuration table of README.md. */
export function configurationTable() {
  const rows = variableRows().map(
    ({ name, default: value, meaning }) => `| \`${name}\` | ${value === '' ? '' : `\`${value}\``} | ${meaning} |`,
  );
  return `${['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(process.argv[2] === '--table' ? configurationTable() : envExample());
}
