import type { AttributeDefinition, ResourceType } from '../../schema/definition.js';

/**
 * PATCH as the text of RFC 7644 section 3.5.2 says it, operation by operation, on plain JSON: slow, and sharing nothing
 * with the engine but the schema definitions. It takes canonical operations only: names as in the schema, values of the
 * attribute's type or plainly wrong ones, no empty values.
 *
 * Where the RFC leaves a choice or identity providers need another one, the rule has a name here:
 * - `together`: wrong values are collected, and answered when no operation failed otherwise.
 * - `at-the-end`: what must be true of the resource (required, one primary) is asked after the last operation.
 * - `keep-active`: to remove `active` is nothing (ADR 8).
 * - `unknown-ignored`: attributes that no schema knows, and read-only ones in an operation without path, are ignored.
 * - `not-kept`: write-only attributes are checked and not kept.
 * - `create-selected`: add and replace on elements that a filter does not find create the one that it describes by `eq`.
 * - `as-described`: an element that is replaced keeps what the filter says about it.
 * - `hollow`: a complex value that loses its `value`, or keeps only `type` and `primary`, is gone.
 * - `other-ref`: a `$ref` goes with the `value` that it belonged to.
 * - `says-no-more`: an element is there already when one says all that it says, whichever of them is primary.
 * - `same-order`: a result that differs by the order of elements alone is no change.
 */
export function referencePatch(
  before: Json,
  operations: readonly ReferenceOperation[],
  resourceType: ResourceType,
): Outcome {
  const state: State = { resource: structuredClone(before), hasWrongValue: false, removed: [] };
  try {
    for (const operation of operations) {
      applyOne(state, operation, resourceType);
    }
    if (state.hasWrongValue) {
      throw new Refusal('invalidValue');
    }
    if (state.removed.some(({ home, name }) => homeOf(state.resource, home)?.[name] === undefined)) {
      throw new Refusal('mutability');
    }
    requireValid(state.resource, resourceType);
  } catch (error) {
    if (error instanceof Refusal) {
      return { refused: error.scimType };
    }
    throw error;
  }
  return { resource: withoutOrder(state.resource) === withoutOrder(before) ? before : state.resource };
}

export type Json = Record<string, unknown>;

export type Outcome = { readonly resource: Json } | { readonly refused: string };

/** The filter of a value path. */
export type Condition =
  | { readonly is: 'eq' | 'ne' | 'co' | 'sw'; readonly part: string; readonly value: string | boolean }
  | { readonly is: 'pr'; readonly part: string }
  | { readonly is: 'not'; readonly of: Condition }
  | { readonly is: 'and' | 'or'; readonly of: readonly [Condition, Condition] };

export interface ReferencePath {
  /** The URN of the extension; absent for core attributes. */
  readonly home?: string;
  readonly name: string;
  readonly where?: Condition;
  readonly part?: string;
}

export interface ReferenceOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: ReferencePath;
  readonly value?: unknown;
}

interface State {
  readonly resource: Json;
  hasWrongValue: boolean;
  readonly removed: { readonly home: string | undefined; readonly name: string }[];
}

class Refusal extends Error {
  constructor(readonly scimType: string) {
    super(scimType);
  }
}

function applyOne(state: State, operation: ReferenceOperation, resourceType: ResourceType): void {
  const { op, path, value } = operation;
  if (path === undefined) {
    if (op === 'remove') throw new Refusal('noTarget');
    return applyMembers(state, op, value as Json, resourceType);
  }
  const attribute = attributesOf(path.home, resourceType).find(({ name }) => name === path.name);
  const part = partOf(attribute, path.part);
  if (attribute === undefined || (path.part !== undefined && part === undefined)) return; // unknown-ignored
  const isKeptActive = op === 'remove' && path.name === 'active' && path.home === undefined;
  if (isKeptActive) return; // keep-active
  if (attribute.mutability === 'readOnly' || part?.mutability === 'readOnly') throw new Refusal('mutability');
  if (op === 'remove') return remove(state, path, attribute);
  if (value === undefined) throw new Refusal('invalidValue');
  const element = { ...attribute, multiValued: false };
  const expected = part ?? (path.where === undefined ? attribute : element);
  const read = readAs(expected, value);
  if (read === wrong) {
    state.hasWrongValue = true; // together
    return;
  }
  if (read === nothing || attribute.mutability === 'writeOnly') return; // not-kept
  write(state, { op, path, attribute }, read);
}

/** "If omitted, the target location is assumed to be the resource itself": each member is an operation of its own. */
function applyMembers(state: State, op: 'add' | 'replace', members: Json, resourceType: ResourceType): void {
  for (const [key, value] of Object.entries(members)) {
    const isExtension = resourceType.extensions.some(({ schema }) => schema.id === key);
    const named = isExtension
      ? Object.entries(value as Json).map(([name, each]) => [{ home: key, name }, each] as const)
      : [[{ name: key }, value] as const];
    for (const [path, each] of named) {
      const attribute = attributesOf((path as ReferencePath).home, resourceType).find(({ name }) => name === path.name);
      const isIgnored = attribute === undefined || attribute.mutability === 'readOnly'; // unknown-ignored
      if (!isIgnored) applyOne(state, { op, path, value: each }, resourceType);
    }
  }
}

function write(
  state: State,
  { op, path, attribute }: { op: 'add' | 'replace'; path: ReferencePath; attribute: AttributeDefinition },
  value: unknown,
): void {
  const current = homeOf(state.resource, path.home)?.[path.name];
  const put = (after: unknown) => assign(state.resource, path, after);
  if (!attribute.multiValued) {
    const changes = path.part === undefined ? value : { [path.part]: value };
    const after = attribute.type === 'complex' ? merged((current ?? {}) as Json, changes as Json) : changes;
    if (attribute.mutability === 'immutable' && current !== undefined) {
      if (!isSame(current, after, attribute)) throw new Refusal('mutability');
      return;
    }
    return put(after);
  }
  const list = (current ?? []) as Json[];
  if (path.where === undefined && path.part === undefined) {
    return put(op === 'replace' ? value : added(list, value as Json[], attribute));
  }
  const { where, part } = path;
  const selected = where === undefined ? list : list.filter((element) => satisfies(where, element, attribute));
  const described = where === undefined ? {} : descriptionOf(where);
  const changes = (part === undefined ? value : { [part]: value }) as Json;
  if (selected.length === 0) {
    return put(added(list, [created(changes, described, where, attribute)], attribute)); // create-selected
  }
  const isReplaced = part === undefined && op === 'replace';
  const written = new Map(
    selected.map((element) => [element, isReplaced ? { ...described, ...changes } : merged(element, changes)]), // as-described
  );
  const after = list.map((element) => written.get(element) ?? element);
  put(onePrimary(after, new Set(written.values())));
}

function remove(state: State, path: ReferencePath, attribute: AttributeDefinition): void {
  const current = homeOf(state.resource, path.home)?.[path.name];
  if (path.part === undefined && path.where === undefined && attribute.required) {
    state.removed.push({ home: path.home, name: path.name }); // at-the-end
  }
  if (current === undefined) return;
  if (attribute.mutability === 'immutable') throw new Refusal('mutability');
  const { where, part } = path;
  const without = (element: Json): Json[] => {
    if (where !== undefined && !satisfies(where, element, attribute)) return [element];
    if (part === undefined) return [];
    if (!(part in element)) return [element];
    const rest = Object.fromEntries(Object.entries(element).filter(([name]) => name !== part));
    const isHollow = part === 'value' || Object.keys(rest).every((name) => name === 'type' || name === 'primary');
    return isHollow ? [] : [rest]; // hollow
  };
  if (where === undefined && part === undefined) return assign(state.resource, path, undefined);
  const left = (attribute.multiValued ? (current as Json[]) : [current as Json]).flatMap(without);
  assign(state.resource, path, left.length === 0 ? undefined : attribute.multiValued ? left : left[0]);
}

/** "If the target location already contains the value specified, no changes SHOULD be made." */
function added(list: readonly Json[], values: readonly Json[], attribute: AttributeDefinition): Json[] {
  const result = [...list];
  const touched = new Set<Json>();
  for (const value of values) {
    const said = Object.keys(value).filter((name) => name !== 'primary');
    const saysAll = (element: Json) =>
      said.every((name) => isSame(element[name], value[name], partOf(attribute, name)));
    const index = said.length === 0 ? -1 : result.findIndex(saysAll); // says-no-more
    const known = result[index];
    const after =
      known === undefined || !('primary' in value) ? (known ?? value) : { ...known, primary: value['primary'] };
    result.splice(index < 0 ? result.length : index, 1, after);
    touched.add(after);
  }
  return onePrimary(result, touched);
}

/** "SHALL cause the server to automatically set "primary" to "false" for any other values in the array." */
function onePrimary(list: readonly Json[], touched: ReadonlySet<Json>): Json[] {
  const isSet = [...touched].some((element) => element['primary'] === true && list.includes(element));
  return list.map((element) =>
    isSet && !touched.has(element) && element['primary'] === true ? { ...element, primary: false } : element,
  );
}

/** "If the target location specifies a valuePath filter with no match, fail with noTarget", unless it can be created. */
function created(changes: Json, described: Json, where: Condition | undefined, attribute: AttributeDefinition): Json {
  const element = { ...described, ...changes };
  if (where !== undefined && (Object.keys(described).length === 0 || !satisfies(where, element, attribute))) {
    throw new Refusal('noTarget');
  }
  return element;
}

/** "Sub-attributes that are not specified SHALL be left unchanged." */
function merged(before: Json, changes: Json): Json {
  const after = { ...before, ...changes };
  const isOther = 'value' in changes && changes['value'] !== before['value'];
  if (isOther && 'value' in before && !('$ref' in changes)) delete after['$ref']; // other-ref
  if (isOther && !('value' in before) && !('$ref' in changes)) delete after['$ref'];
  return after;
}

function descriptionOf(where: Condition): Json {
  if (where.is === 'eq') return { [where.part]: where.value };
  return where.is === 'and' ? (Object.assign({}, ...where.of.map(descriptionOf)) as Json) : {};
}

function satisfies(where: Condition, element: Json, attribute: AttributeDefinition): boolean {
  switch (where.is) {
    case 'and':
      return where.of.every((each) => satisfies(each, element, attribute));
    case 'or':
      return where.of.some((each) => satisfies(each, element, attribute));
    case 'not':
      return !satisfies(where.of, element, attribute);
    case 'pr':
      return element[where.part] !== undefined;
    case 'ne':
      return !satisfies({ ...where, is: 'eq' }, element, attribute);
    case 'eq':
    case 'co':
    case 'sw': {
      const value = element[where.part];
      if (value === undefined) return false;
      const [left, right] = [value, where.value].map((each) => folded(each, partOf(attribute, where.part)));
      if (where.is === 'eq') return left === right;
      return where.is === 'co' ? String(left).includes(String(right)) : String(left).startsWith(String(right));
    }
  }
}

const wrong = Symbol('a value that does not fit');
const nothing = Symbol('a value that says nothing');

/** The value as far as clients may write it. */
function readAs(attribute: AttributeDefinition, value: unknown): unknown {
  if (attribute.multiValued) {
    const elements = (Array.isArray(value) ? value : [value]).map((each) =>
      readAs({ ...attribute, multiValued: false }, each),
    );
    return elements.includes(wrong) ? wrong : elements.filter((each) => each !== nothing);
  }
  if (attribute.type === 'boolean') return typeof value === 'boolean' ? value : wrong;
  if (attribute.type !== 'complex') return typeof value === 'string' ? value : wrong;
  if (typeof value !== 'object') return wrong;
  const parts = Object.entries(value as Json).flatMap(([name, each]): [string, unknown][] => {
    const part = partOf(attribute, name);
    return part === undefined || part.mutability === 'readOnly' ? [] : [[name, readAs(part, each)]]; // unknown-ignored
  });
  if (parts.some(([, each]) => each === wrong)) return wrong;
  return parts.length === 0 ? nothing : Object.fromEntries(parts);
}

function requireValid(resource: Json, resourceType: ResourceType): void {
  for (const { name, required } of resourceType.schema.attributes) {
    const value = resource[name];
    if (required && (value === undefined || (typeof value === 'string' && value.trim() === '')))
      throw new Refusal('invalidValue');
    const primaries = Array.isArray(value) ? value.filter((element) => (element as Json)['primary'] === true) : [];
    if (primaries.length > 1) throw new Refusal('invalidValue');
  }
}

function attributesOf(home: string | undefined, { schema, extensions }: ResourceType): readonly AttributeDefinition[] {
  if (home !== undefined) return extensions.find((each) => each.schema.id === home)?.schema.attributes ?? [];
  const common = (name: string, mutability: 'readOnly' | 'readWrite'): AttributeDefinition => ({
    name, type: 'string', mutability, description: '', multiValued: false, required: false, caseExact: true, returned: 'default', uniqueness: 'none',
  }); // prettier-ignore
  return [
    common('id', 'readOnly'),
    common('meta', 'readOnly'),
    common('externalId', 'readWrite'),
    ...schema.attributes,
  ];
}

function partOf(attribute: AttributeDefinition | undefined, name: string | undefined): AttributeDefinition | undefined {
  return attribute?.subAttributes?.find((part) => part.name === name);
}

function homeOf(resource: Json, home: string | undefined): Json | undefined {
  return home === undefined ? resource : (resource[home] as Json | undefined);
}

/** "If the attribute becomes unassigned", it is absent, and so is an extension without attributes. */
function assign(resource: Json, { home, name }: ReferencePath, value: unknown): void {
  const holder = home === undefined ? resource : ((resource[home] ??= {}) as Json);
  if (value === undefined || (Array.isArray(value) && value.length === 0)) {
    delete holder[name];
  } else {
    holder[name] = value;
  }
  if (home !== undefined && Object.keys(holder).length === 0) delete resource[home];
}

/** Whether two simple values count as the same (RFC 7643 section 2.2, caseExact). */
function isSame(a: unknown, b: unknown, attribute: AttributeDefinition | undefined): boolean {
  return a !== undefined && b !== undefined && folded(a, attribute) === folded(b, attribute);
}

function folded(value: unknown, attribute: AttributeDefinition | undefined): unknown {
  return typeof value === 'string' && attribute?.caseExact === false ? value.toLowerCase() : value;
}

/** A text that two values share which differ in the order of their elements at most. */
function withoutOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(withoutOrder).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${name}:${withoutOrder(each)}`).join()}}`;
}
