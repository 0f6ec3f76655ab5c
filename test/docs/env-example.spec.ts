import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from '@cleanmail/config';
import { configurationTable, envExample, variableRows } from '../../scripts/env-example.mjs';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** The cells of the table rows in a text, without the blanks that line columns up. */
function cells(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| -'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('the documents of the configuration', () => {
  it('should have an .env.example that is what scripts/env-example.mjs writes', () => {
    expect(read('.env.example')).toBe(envExample());
  });

  it('should have a README table that is what scripts/env-example.mjs --table writes', () => {
    const [, section = ''] = read('README.md').split('<!-- variables -->');
    const [table = ''] = section.split('<!-- end of variables -->');
    expect(cells(table)).toEqual(cells(configurationTable()));
  });

  it('should give examples that the service accepts', () => {
    const examples = Object.fromEntries(variableRows().map(({ name, example }) => [name, example]));
    expect(() => parseEnvironment(examples)).not.toThrow();
  });

  it('should name defaults that parse to what leaving the variable out gives', () => {
    const defaults = variableRows().filter((row) => row.default !== '');
    const written = Object.fromEntries(defaults.map((row) => [row.name, row.default]));
    expect(parseEnvironment(written)).toEqual(parseEnvironment({}));
    expect(defaults.length).toBeGreaterThan(0);
  });
});
