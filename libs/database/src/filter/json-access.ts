import type { AttributeDefinition } from '@cleanmail/scim';
import type { Dialect } from '../session/session.js';

/** A JSON path, as a literal of SQL, to a member below the root; names come from schemas, never from a request. */
export function jsonPath(...names: readonly string[]): string {
  const path = names.map((name) => `."${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join('');
  return sqlText(`$${path}`);
}

/** A text of ours as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The scalar at a path of a JSON document, as text, number or boolean by the attribute's type; NULL when absent. */
export function jsonScalar(dialect: Dialect, document: string, path: string, attribute: AttributeDefinition): string {
  return dialect === 'sqlite'
    ? `json_extract(${document}, ${path})`
    : typedText(`JSON_UNQUOTE(JSON_EXTRACT(${document}, ${path}))`, attribute);
}

/** What is there at a path, scalar or not; NULL when absent. */
export function jsonPresence(dialect: Dialect, document: string, path: string): string {
  return `${dialect === 'sqlite' ? 'json_extract' : 'JSON_EXTRACT'}(${document}, ${path})`;
}

/** A text that MySQL took out of JSON, so that it compares byte by byte, or as the number that it stands for. */
export function typedText(text: string, { type }: AttributeDefinition): string {
  return type === 'integer' || type === 'decimal' ? `CAST(${text} AS DOUBLE)` : `CAST(${text} AS BINARY)`;
}
