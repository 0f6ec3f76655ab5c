import { ScimError } from '../errors/scim-error.js';
import type { Filter } from '../filter/filter.js';
import { DEFAULT_FILTER_LIMITS } from '../filter/filter.js';
import { FilterParser } from '../filter/filter-parser.js';
import { findInElement, resolveElementFilter } from '../filter/resolve-filter.js';
import { findAttribute } from '../schema/attribute-name.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import { resolveAttribute, targetName } from '../schema/attribute-target.js';
import type { ResourceType } from '../schema/definition.js';
import type { PatchPath } from './patch-path.js';

const UNKNOWN: PatchPath = { kind: 'unknown' };

/** A path as written: the name before the brackets, the filter in them, the name behind. */
interface WrittenPath {
  readonly name: string;
  readonly filter?: Filter;
  readonly subName?: string;
}

/**
 * Parses the path of a PATCH operation: `attr`, `attr.sub`, `attr[filter]`, `attr[filter].sub`, each also behind a
 * schema URN, or a bare URN. A malformed path is a ScimError `invalidPath`; a well-formed path to an attribute that no
 * schema knows is `unknown`, so that providers may send more than is supported.
 */
export function parsePath(text: string, resourceType: ResourceType): PatchPath {
  const written = splitPath(text.trim());
  const found = resolveAttribute(written.name, resourceType);
  if (written.filter !== undefined) {
    return found.kind === 'attribute' ? selectElements(written, written.filter, found.target) : UNKNOWN;
  }
  return found;
}

function splitPath(text: string): WrittenPath {
  const parser = new FilterParser(text, DEFAULT_FILTER_LIMITS, invalidPath);
  const { scanner } = parser;
  const name = requireName(scanner.takeName(), scanner.position, parser);
  if (scanner.atEnd) {
    return { name };
  }
  if (!scanner.skip('[')) {
    throw scanner.error('Unexpected character in the path');
  }
  const filter = parser.parseOr(false);
  if (!scanner.skip(']')) {
    throw scanner.error('Expected "]"');
  }
  if (scanner.atEnd) {
    return { name, filter };
  }
  if (!scanner.skip('.')) {
    throw scanner.error('Expected "." or the end of the path');
  }
  const subName = requireName(scanner.takeName(), scanner.position, parser);
  if (!scanner.atEnd) {
    throw scanner.error('Unexpected character in the path');
  }
  return { name, filter, subName };
}

function selectElements(written: WrittenPath, filter: Filter, target: AttributeTarget): PatchPath {
  const { attribute } = target;
  if (target.subAttribute !== undefined || (attribute.type !== 'complex' && !attribute.multiValued)) {
    throw invalidPath(`"${targetName(target)}" has no elements that a filter in brackets could select.`);
  }
  if (!knowsAll(filter, target)) {
    return UNKNOWN;
  }
  const resolved = asPathError(() => resolveElementFilter(filter, target));
  if (written.subName === undefined) {
    return { kind: 'elements', target, filter: resolved };
  }
  const subAttribute = findAttribute(attribute.subAttributes, written.subName);
  return subAttribute === undefined ? UNKNOWN : { kind: 'elements', target, filter: resolved, subAttribute };
}

function knowsAll(filter: Filter, target: AttributeTarget): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.operands.every((operand) => knowsAll(operand, target));
    case 'not':
      return knowsAll(filter.operand, target);
    case 'comparison':
    case 'present':
    case 'valuePath':
      return findInElement(filter.path, target) !== undefined;
  }
}

function asPathError<T>(resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    throw error instanceof ScimError ? invalidPath(error.detail) : error;
  }
}

function requireName(name: string, end: number, parser: FilterParser): string {
  const first = name[0] ?? '';
  const isNamed = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first === '$' || first === '_';
  if (!isNamed || name.endsWith('.') || name.endsWith(':')) {
    throw parser.scanner.error('Expected an attribute name', end - name.length);
  }
  return name;
}

function invalidPath(detail: string): ScimError {
  return ScimError.invalidPath(detail);
}
