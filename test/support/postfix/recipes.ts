import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root.js';

/** A recipe of docs/postfix.md, by the letter of its heading. */
export type Recipe = 'A' | 'B' | 'C';

/**
 * The files of a recipe as a reader copies them: each fenced block under the recipe's heading whose first line is a
 * comment with a path, by that path. Nothing but the documentation says what they are.
 */
export function recipeFiles(recipe: Recipe): ReadonlyMap<string, string> {
  const text = readFileSync(join(ROOT, 'docs', 'postfix.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`Recipe ${recipe}:`));
  if (section === undefined) throw new Error(`docs/postfix.md has no heading "Recipe ${recipe}:"`);
  const blocks = [...section.matchAll(/^```\w+\n# (\/\S+)\n([^]*?)^```$/gm)];
  return new Map(blocks.map(([, path = '', content = '']) => [path, content]));
}

/** The statements of a recipe that are no file, such as grants. */
export function recipeSql(recipe: Recipe): readonly string[] {
  const text = readFileSync(join(ROOT, 'docs', 'postfix.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`Recipe ${recipe}:`)) ?? '';
  const [, sql = ''] = /^```sql\n([^]*?)^```$/m.exec(section) ?? [];
  return sql
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
