import { ScimError } from '../errors/scim-error.js';
import type { ResolvedFilter } from '../filter/resolved-filter.js';
import { parsePath } from '../path/parse-path.js';
import type { PatchPath } from '../path/patch-path.js';
import { Issues } from '../resource/issues.js';
import { readValue } from '../resource/read-value.js';
import type { ScimValue } from '../resource/resource.js';
import { isComplex, isList, own } from '../resource/resource.js';
import type { ResourceType } from '../schema/definition.js';
import type { PatchOperation } from './operation.js';

/**
 * What operations do to a multi-valued attribute whose elements are told apart by their `value`: `delta` and `whole`
 * need not know which elements there are, `operations` do. `added` and `removed` have nothing in common.
 */
export type ElementChange =
  | { readonly kind: 'none' }
  | { readonly kind: 'delta'; readonly added: ReadonlySet<string>; readonly removed: ReadonlySet<string> }
  | { readonly kind: 'whole'; readonly values: ReadonlySet<string> }
  | { readonly kind: 'operations'; readonly operations: readonly PatchOperation[] };

/** Operations on the other attributes, in their order, and the change of the elements. */
export interface ElementPlan {
  readonly attributes: readonly PatchOperation[];
  readonly elements: ElementChange;
}

/** One operation as sets: everything that was there goes, or the `removed`, then the `added` come. */
interface SetOperation {
  readonly isWhole: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Divides normalised operations into those on one core attribute, kept apart from its resource, and all others. The
 * sets of consecutive operations fold into one change, so that an element which is added and removed again is none.
 * @throws ScimError invalidPath for a malformed path, invalidValue for an element without `value`.
 */
export function planElements(
  operations: readonly PatchOperation[],
  attributeName: string,
  resourceType: ResourceType,
): ElementPlan {
  const attributes: PatchOperation[] = [];
  const onElements: PatchOperation[] = [];
  const sets: (SetOperation | undefined)[] = [];
  for (const operation of operations) {
    const path = operation.path === undefined ? undefined : parsePath(operation.path, resourceType);
    if (path === undefined || !isOn(path, attributeName)) {
      attributes.push(operation);
    } else {
      onElements.push(operation);
      sets.push(asSets(operation, path));
    }
  }
  const elements: ElementChange = sets.every((set) => set !== undefined)
    ? fold(sets)
    : { kind: 'operations', operations: onElements };
  return { attributes, elements };
}

/** The `value` of each element of a list. @throws ScimError invalidValue for an element without one. */
export function elementValues(elements: ScimValue | undefined, name: string): ReadonlySet<string> {
  const values = (isList(elements) ? elements : []).map((element, index) => {
    const value = isComplex(element) ? own(element, 'value') : undefined;
    if (typeof value !== 'string') {
      throw ScimError.invalidValue(`${name}[${index}].value is required.`);
    }
    return value;
  });
  return new Set(values);
}

type PathOnElements = Extract<PatchPath, { kind: 'attribute' | 'elements' }>;

function isOn(path: PatchPath, attributeName: string): path is PathOnElements {
  const isOnAttribute = path.kind === 'attribute' || path.kind === 'elements';
  return isOnAttribute && path.target.schema === undefined && path.target.attribute.name === attributeName;
}

/** The operation as sets; undefined when it depends on more than the `value` of the elements. */
function asSets({ op, value }: PatchOperation, path: PathOnElements): SetOperation | undefined {
  if (path.kind === 'elements') {
    const removed = op === 'remove' && path.subAttribute === undefined ? valuesSelected(path.filter) : undefined;
    return removed === undefined ? undefined : { isWhole: false, added: [], removed };
  }
  const { attribute, subAttribute } = path.target;
  if (subAttribute !== undefined) {
    return undefined;
  }
  if (op === 'remove') {
    return { isWhole: true, added: [], removed: [] };
  }
  if (value === undefined) {
    throw ScimError.invalidValue(`The operation ${op} needs a value.`);
  }
  const issues = new Issues();
  const read = readValue(value, attribute, attribute.name, issues);
  issues.throwIfAny();
  return { isWhole: op === 'replace', added: [...elementValues(read, attribute.name)], removed: [] };
}

/** The values that a filter selects when it is `value eq "…"`, or several of these joined by `or`. */
function valuesSelected(filter: ResolvedFilter): readonly string[] | undefined {
  if (filter.kind === 'or') {
    const operands = filter.operands.map(valuesSelected);
    return operands.every((values) => values !== undefined) ? operands.flat() : undefined;
  }
  const isOnValue =
    filter.kind === 'comparison' && filter.operator === 'eq' && filter.target.subAttribute?.name === 'value';
  return isOnValue && typeof filter.value === 'string' ? [filter.value] : undefined;
}

function fold(operations: readonly SetOperation[]): ElementChange {
  let isWhole = false;
  const added = new Set<string>();
  const removed = new Set<string>();
  for (const operation of operations) {
    if (operation.isWhole) {
      isWhole = true;
      added.clear();
      removed.clear();
    }
    for (const value of operation.removed) {
      added.delete(value);
      removed.add(value);
    }
    for (const value of operation.added) {
      removed.delete(value);
      added.add(value);
    }
  }
  if (isWhole) {
    return { kind: 'whole', values: added };
  }
  return added.size + removed.size === 0 ? { kind: 'none' } : { kind: 'delta', added, removed };
}
