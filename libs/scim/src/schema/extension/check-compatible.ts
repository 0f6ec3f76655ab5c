import { findAttribute } from '../attribute-name.js';
import type { AttributeDefinition, SchemaDefinition } from '../definition.js';
import { IncompatibleSchemaError, SchemaIssues } from './schema-issues.js';

/** The traits that decide what a stored value means, and how it was prepared for comparison. */
const KEPT = ['type', 'multiValued', 'caseExact', 'mutability', 'returned'] as const;

/**
 * Checks that a schema can take the place of the one that values were stored under: it may have more attributes and
 * other descriptions, canonicalValues, referenceTypes and `required`, and nothing else that differs.
 * @throws IncompatibleSchemaError naming everything that differs.
 */
export function checkCompatible(before: SchemaDefinition, after: SchemaDefinition): void {
  const issues = new SchemaIssues();
  if (before.id !== after.id) {
    issues.add('id', `must be spelled ${before.id}, as it was registered`);
  }
  compare(before.attributes, after.attributes, '', issues);
  if (issues.found.length > 0) {
    throw new IncompatibleSchemaError(before.id, issues.found);
  }
}

function compare(
  before: readonly AttributeDefinition[],
  after: readonly AttributeDefinition[],
  prefix: string,
  issues: SchemaIssues,
): void {
  for (const was of before) {
    const path = `${prefix}${was.name}`;
    const is = findAttribute(after, was.name);
    if (is === undefined) {
      issues.add(path, 'must not be removed');
      continue;
    }
    if (is.name !== was.name) {
      issues.add(path, `must not become ${is.name}: values are stored under the name as it is spelled`);
    }
    for (const trait of KEPT.filter((each) => is[each] !== was[each])) {
      issues.add(path, `must keep ${trait} ${String(was[trait])}`);
    }
    compare(was.subAttributes ?? [], is.subAttributes ?? [], `${path}.`, issues);
  }
}
