import { ScimError } from '../errors/scim-error.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import { resolveAttribute, targetName, withValue } from '../schema/attribute-target.js';
import type { ResourceType } from '../schema/definition.js';
import type { SortOrder } from './resolved-sort.js';

/** A sort over resources of several types; a type that does not have the attribute has no target. */
export interface SortOver {
  readonly order: SortOrder;
  readonly targets: ReadonlyMap<ResourceType, AttributeTarget>;
}

/**
 * Resolves `sortBy` and `sortOrder` against the types of a list. Without `sortBy` there is no sort, whatever
 * `sortOrder` says. A complex attribute with a `value` means that; any other must be named with a sub-attribute.
 * @throws ScimError invalidPath for what cannot be sorted by, invalidValue for another order.
 */
export function resolveSort(
  sortBy: string | undefined,
  sortOrder: string | undefined,
  resourceTypes: readonly ResourceType[],
): SortOver | undefined {
  if (sortBy === undefined) {
    return undefined;
  }
  const order = sortOrder ?? 'ascending';
  if (order !== 'ascending' && order !== 'descending') {
    throw ScimError.invalidValue('sortOrder must be ascending or descending.');
  }
  const path = sortBy.trim();
  const targets = new Map(
    resourceTypes.flatMap((resourceType) => {
      const found = resolveAttribute(path, resourceType);
      return found.kind === 'attribute' ? [[resourceType, requireSimple(found.target)] as const] : [];
    }),
  );
  if (targets.size === 0) {
    const name = path.length > 128 ? `${path.slice(0, 128)}…` : path;
    throw ScimError.invalidPath(`sortBy names the attribute "${name}", which is not known here.`);
  }
  return { order, targets };
}

function requireSimple(named: AttributeTarget): AttributeTarget {
  const target = withValue(named);
  const attribute = target.subAttribute ?? target.attribute;
  const name = targetName(target);
  if (attribute.returned === 'never' || target.attribute.returned === 'never') {
    throw ScimError.invalidPath(`The attribute "${name}" cannot be sorted by.`);
  }
  if (attribute.type === 'complex') {
    const parts = (attribute.subAttributes ?? []).map((part) => `${name}.${part.name}`);
    throw ScimError.invalidPath(`"${name}" has no value of its own; sort by one of ${parts.join(', ')}.`);
  }
  return target;
}
