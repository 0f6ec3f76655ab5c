import { comparable } from '../schema/comparable.js';
import type { ResourceType } from '../schema/definition.js';
import { matches } from './matches.js';
import type { ResolvedComparison, ResolvedFilter } from './resolved-filter.js';

/**
 * Makes a filter blind to retired extensions: they are still among the stored `schemas`, so that they are found again
 * when they come back. A comparison of `schemas` becomes one with those URNs that the resource type knows now.
 */
export function hideRetired(filter: ResolvedFilter, resourceType: ResourceType): ResolvedFilter {
  return (resourceType.retiredExtensions ?? []).length === 0 ? filter : hide(filter, urnsOf(resourceType));
}

function hide(filter: ResolvedFilter, urns: readonly string[]): ResolvedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, operands: filter.operands.map((operand) => hide(operand, urns)) };
    case 'not':
      return { kind: 'not', operand: hide(filter.operand, urns) };
    case 'valuePath':
      return { ...filter, filter: hide(filter.filter, urns) };
    case 'comparison':
      return isOnSchemas(filter) ? amongKnown(filter, urns) : filter;
    case 'present':
      return filter;
  }
}

function isOnSchemas({ target: { schema, attribute } }: ResolvedComparison): boolean {
  return schema === undefined && attribute.name === 'schemas';
}

function amongKnown(filter: ResolvedComparison, urns: readonly string[]): ResolvedFilter {
  const operands = urns
    .filter((urn) => matches(filter, { schemas: [urn] }))
    .map((urn): ResolvedFilter => ({
      ...filter,
      operator: 'eq',
      value: comparable(urn, filter.target.attribute),
      literal: urn,
    }));
  // Every resource has `schemas`: where no URN fits, nothing does.
  return operands.length === 0
    ? { kind: 'not', operand: { kind: 'present', target: filter.target } }
    : { kind: 'or', operands };
}

function urnsOf({ schema, extensions }: ResourceType): readonly string[] {
  return [schema.id, ...extensions.map((extension) => extension.schema.id)];
}
