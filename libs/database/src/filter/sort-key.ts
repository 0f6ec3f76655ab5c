import { type AttributeDefinition, type AttributeTarget, ScimError, sortedLength, targetName } from '@cleanmail/scim';
import type { Dialect } from '../session/session.js';
import type { FilterColumns, FilterRelation } from './filter-columns.js';
import { jsonPath, jsonScalar, typedText } from './json-access.js';
import { rowsOfResource } from './relation-rows.js';

/** An SQL expression, without placeholders, for the value by which a row is sorted. */
export interface SortKey {
  readonly expression: string;
  readonly isRequired: boolean;
  /** Whether no two rows of a tenant have the same value. */
  readonly isUnique: boolean;
  /** Whether it is worked out of a document or other rows, which costs more than reading a column. */
  readonly isComputed: boolean;
}

/**
 * Compiles `sortBy` (RFC 7644 section 3.4.2.3) to the value of each row, so that the engine's order is that of
 * `compareResources`: text by code point, of a list the primary element's value or else the first one's. Text of a
 * document is cut to the length that takes part in sorting; no column is longer.
 * @throws ScimError invalidPath for an attribute that is kept in no form that could be compared.
 */
export function sortKeyToSql(target: AttributeTarget, dialect: Dialect, columns: FilterColumns): SortKey {
  const name = targetName(target);
  const column = columns.columns.get(name);
  if (column !== undefined) {
    const { expression, isRequired = false, isUnique = false } = column;
    return { expression, isRequired, isUnique, isComputed: false };
  }
  const relation = target.schema === undefined ? columns.relations?.get(target.attribute.name) : undefined;
  const expression =
    relation === undefined ? documentValue(target, dialect, columns.document) : firstRow(target, relation, columns);
  if (expression === undefined || columns.unfilterable.has(name)) {
    throw ScimError.invalidPath(`The attribute "${name}" cannot be sorted by.`);
  }
  return { expression, isRequired: false, isUnique: false, isComputed: true };
}

function firstRow(
  { subAttribute }: AttributeTarget,
  relation: FilterRelation,
  { resource }: FilterColumns,
): string | undefined {
  const column = relation.columns.get(subAttribute?.name ?? '');
  return (
    column && `(SELECT ${column.expression} ${rowsOfResource(relation, resource)} ORDER BY ${relation.order} LIMIT 1)`
  );
}

function documentValue(
  { schema, attribute, subAttribute }: AttributeTarget,
  dialect: Dialect,
  document: string,
): string {
  const home = schema === undefined ? [] : [schema];
  if (attribute.multiValued && subAttribute !== undefined) {
    const path = jsonPath(...home, attribute.name);
    return dialect === 'sqlite'
      ? leadingOnSqlite(document, path, subAttribute)
      : leadingOnMysql(document, path, subAttribute);
  }
  const simple = subAttribute ?? attribute;
  const path = first(
    jsonPath(...home, attribute.name, ...(subAttribute === undefined ? [] : [subAttribute.name])),
    simple,
  );
  return dialect === 'sqlite'
    ? cutOnSqlite(jsonScalar(dialect, document, path, simple), simple)
    : cutOnMysql(`JSON_UNQUOTE(JSON_EXTRACT(${document}, ${path}))`, simple);
}

function leadingOnSqlite(document: string, path: string, subAttribute: AttributeDefinition): string {
  const value = `json_extract(e.value, ${first(jsonPath(subAttribute.name), subAttribute)})`;
  const isPrimary = `json_extract(e.value, ${jsonPath('primary')}) IS 1`;
  return cutOnSqlite(
    `(SELECT ${value} FROM json_each(${document}, ${path}) e ORDER BY ${isPrimary} DESC, e.key LIMIT 1)`,
    subAttribute,
  );
}

function leadingOnMysql(document: string, path: string, subAttribute: AttributeDefinition): string {
  const column = (name: string, at: string) => `${name} LONGTEXT CHARACTER SET utf8mb4 PATH ${at}`;
  const columns = `n FOR ORDINALITY, ${column('p', jsonPath('primary'))}, ${column('v', first(jsonPath(subAttribute.name), subAttribute))}`;
  const elements = `JSON_TABLE(${document}, ${path.slice(0, -1)}[*]' COLUMNS (${columns})) e`;
  return cutOnMysql(
    `(SELECT e.v FROM ${elements} ORDER BY COALESCE(e.p, '') = 'true' DESC, e.n LIMIT 1)`,
    subAttribute,
  );
}

/** The path to the first value of a list, or to the value itself. */
function first(path: string, { multiValued }: AttributeDefinition): string {
  return multiValued ? `${path.slice(0, -1)}[0]'` : path;
}

function cutOnSqlite(value: string, attribute: AttributeDefinition): string {
  return isText(attribute) ? `substr(${value}, 1, ${sortedLength})` : value;
}

function cutOnMysql(text: string, attribute: AttributeDefinition): string {
  return typedText(isText(attribute) ? `LEFT(${text}, ${sortedLength})` : text, attribute);
}

function isText({ type }: AttributeDefinition): boolean {
  return type === 'string' || type === 'reference' || type === 'binary';
}
