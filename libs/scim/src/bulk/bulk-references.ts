import type { PatchOperation } from '../patch/operation.js';
import { isObject } from '../resource/resource.js';
import { referredBulkId } from './bulk-operation.js';

type Keys = readonly (string | number)[];

/**
 * A part of a resource that can be left out of its creation and be added later: an attribute, or one element of a
 * multi-valued attribute.
 */
export interface BulkElement {
  /** The same for the same part of the same resource. */
  readonly key: string;
  readonly keys: Keys;
  /** The attribute as the path of a PATCH operation names it. */
  readonly attribute: string;
}

/** A `bulkId:…` that is the whole value of a string in the data of an operation (RFC 7644 section 3.7.2). */
export interface BulkReference {
  readonly bulkId: string;
  readonly element: BulkElement;
}

/** Every reference in the data of an operation, in the order in which they stand there. */
export function findReferences(data: unknown): readonly BulkReference[] {
  const found: BulkReference[] = [];
  walk(data, [], (bulkId, keys) => found.push({ bulkId, element: elementOf(data, keys) }));
  return found;
}

/** The data with ids in the place of references; those that `idOf` does not know stay. */
export function resolveReferences(data: unknown, idOf: (bulkId: string) => string | undefined): unknown {
  if (typeof data === 'string') {
    const bulkId = referredBulkId(data);
    return (bulkId === undefined ? undefined : idOf(bulkId)) ?? data;
  }
  if (Array.isArray(data)) {
    return data.map((value) => resolveReferences(value, idOf));
  }
  return isObject(data)
    ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, resolveReferences(value, idOf)]))
    : data;
}

/** The data without some of its elements. */
export function withoutElements(data: unknown, elements: readonly BulkElement[]): unknown {
  const left = new Set(elements.map(({ key }) => key));
  const copy = (value: unknown, keys: Keys): unknown => {
    const isLeft = (key: string | number): boolean => left.has(keyOf([...keys, key]));
    if (Array.isArray(value)) {
      return value.filter((_element, index) => !isLeft(index));
    }
    // An element is at most an attribute of an extension and a position in its list: three keys deep.
    return isObject(value) && keys.length < 3
      ? Object.fromEntries(
          Object.entries(value).flatMap(([key, inner]) => (isLeft(key) ? [] : [[key, copy(inner, [...keys, key])]])),
        )
      : value;
  };
  return elements.length === 0 ? data : copy(data, []);
}

/** The PATCH operations that add elements of the data to a resource that was created without them. */
export function additionsOf(data: unknown, elements: readonly BulkElement[]): readonly PatchOperation[] {
  const lists = new Map<string, unknown[]>();
  const operations: PatchOperation[] = [];
  for (const { keys, attribute } of elements) {
    const value = valueAt(data, keys);
    const list = lists.get(attribute);
    if (typeof keys.at(-1) !== 'number') {
      operations.push({ op: 'add', path: attribute, value });
    } else if (list === undefined) {
      const values = [value];
      lists.set(attribute, values);
      operations.push({ op: 'add', path: attribute, value: values });
    } else {
      list.push(value);
    }
  }
  return operations;
}

function walk(value: unknown, keys: Keys, found: (bulkId: string, keys: Keys) => void): void {
  if (typeof value === 'string') {
    const bulkId = referredBulkId(value);
    if (bulkId !== undefined) {
      found(bulkId, keys);
    }
  } else if (Array.isArray(value)) {
    value.forEach((element, index) => walk(element, [...keys, index], found));
  } else if (isObject(value)) {
    Object.entries(value).forEach(([key, inner]) => walk(inner, [...keys, key], found));
  }
}

/** A member whose name is a URN and whose value is an object holds the attributes of a schema (RFC 7643 section 3.3). */
function elementOf(data: unknown, keys: Keys): BulkElement {
  const [first = ''] = keys;
  const isSchema =
    typeof first === 'string' && first.includes(':') && keys.length > 1 && isObject(valueAt(data, [first]));
  const depth = isSchema ? 2 : 1;
  const isInList = typeof keys[depth] === 'number';
  const own = keys.slice(0, isInList ? depth + 1 : depth);
  return { key: keyOf(own), keys: own, attribute: keys.slice(0, depth).join(':') };
}

function keyOf(keys: Keys): string {
  return JSON.stringify(keys);
}

function valueAt(data: unknown, keys: Keys): unknown {
  return keys.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined,
    data,
  );
}
