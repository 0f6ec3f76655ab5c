import { coreAttributes } from '../schema/attribute-target.js';
import type { AttributeDefinition, ResourceType } from '../schema/definition.js';
import type { ProjectedPath, Projection } from './projection.js';
import type { ScimComplex, ScimResource, ScimValue } from './resource.js';
import { isComplex, isList, own } from './resource.js';

/** What stays of a value: all of it, or the sub-attributes of these names. */
type Kept = 'whole' | ReadonlySet<string>;

/** What stays of the attributes of one schema, by their names; what is not named here goes. */
type KeptAttributes = ReadonlyMap<string, Kept>;

/** What a projection leaves of resources of one type. */
interface ProjectionPlan {
  readonly core: KeptAttributes;
  /** By the URNs of extensions. */
  readonly extensions: ReadonlyMap<string, KeptAttributes>;
}

/** Made once for each projection of a type, which for most requests is the same one: all that is returned by default. */
const plans = new WeakMap<ResourceType, WeakMap<Projection, ProjectionPlan>>();

/**
 * The part of a resource (with its `schemas`, `id` and `meta`) that an answer carries: `always` in any case, `never`
 * in none, `request` only when named, the rest unless it was left out.
 */
export function project(resource: ScimResource, projection: Projection, resourceType: ResourceType): ScimResource {
  const { core, extensions } = planOf(projection, resourceType);
  const result = projectHolder(resource, core);
  for (const [urn, attributes] of extensions) {
    const extension = own(resource, urn);
    if (isComplex(extension)) {
      const projected = projectHolder(extension, attributes);
      if (Object.keys(projected).length > 0) {
        result[urn] = projected;
      }
    }
  }
  return result;
}

function projectHolder(holder: ScimComplex, attributes: KeptAttributes): Record<string, ScimValue> {
  const result: Record<string, ScimValue> = {};
  for (const [name, value] of Object.entries(holder)) {
    const kept = attributes.get(name);
    const projected = kept === undefined ? undefined : projectValue(value, kept);
    if (projected !== undefined) {
      result[name] = projected;
    }
  }
  return result;
}

function projectValue(value: ScimValue, kept: Kept): ScimValue | undefined {
  if (kept === 'whole') {
    return value;
  }
  if (!isList(value)) {
    return projectComplex(value, kept);
  }
  const elements = value.flatMap((element) => projectComplex(element, kept) ?? []);
  return elements.length === 0 ? undefined : elements;
}

function projectComplex(value: ScimValue, kept: ReadonlySet<string>): ScimComplex | undefined {
  if (!isComplex(value)) {
    return undefined;
  }
  const entries = Object.entries(value).filter(([name]) => kept.has(name));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function planOf(projection: Projection, resourceType: ResourceType): ProjectionPlan {
  const ofType = plans.get(resourceType) ?? new WeakMap<Projection, ProjectionPlan>();
  plans.set(resourceType, ofType);
  const plan = ofType.get(projection) ?? makePlan(projection, resourceType);
  ofType.set(projection, plan);
  return plan;
}

function makePlan(projection: Projection, resourceType: ResourceType): ProjectionPlan {
  return {
    core: keptOf(coreAttributes(resourceType), projection, undefined),
    extensions: new Map(
      resourceType.extensions.map(({ schema }) => [schema.id, keptOf(schema.attributes, projection, schema.id)]),
    ),
  };
}

function keptOf(
  attributes: readonly AttributeDefinition[],
  { kind, paths }: Projection,
  schema: string | undefined,
): KeptAttributes {
  const isWholeExtensionNamed = paths.some((path) => 'extension' in path && path.extension === schema);
  const kept = new Map<string, Kept>();
  for (const attribute of attributes) {
    const naming = namingOf(attribute, paths, schema, isWholeExtensionNamed);
    if (isKept(attribute, kind, naming)) {
      kept.set(attribute.name, keptParts(attribute, { kind, naming, isCore: schema === undefined }));
    }
  }
  return kept;
}

/** How a projection names an attribute: as a whole, by some of its sub-attributes, or not at all. */
type Naming = 'whole' | 'not' | ReadonlySet<string>;

function namingOf(
  attribute: AttributeDefinition,
  paths: readonly ProjectedPath[],
  schema: string | undefined,
  isWholeExtensionNamed: boolean,
): Naming {
  if (isWholeExtensionNamed) {
    return 'whole';
  }
  const subNames = new Set<string>();
  for (const path of paths) {
    if ('extension' in path || path.schema !== schema || path.attribute.name !== attribute.name) {
      continue;
    }
    if (path.subAttribute === undefined) {
      return 'whole';
    }
    subNames.add(path.subAttribute.name);
  }
  return subNames.size === 0 ? 'not' : subNames;
}

function isKept({ returned }: AttributeDefinition, kind: Projection['kind'], naming: Naming): boolean {
  const isNamed = naming !== 'not';
  switch (returned) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'request':
      return kind === 'only' && isNamed;
    case 'default':
      return kind === 'only' ? isNamed : !(kind === 'without' && naming === 'whole');
  }
}

/** Extensions change, and values that were stored before may have more parts than are known now: those go. */
function keptParts(
  { type, subAttributes = [] }: AttributeDefinition,
  { kind, naming, isCore }: { readonly kind: Projection['kind']; readonly naming: Naming; readonly isCore: boolean },
): Kept {
  const kept = subAttributes.filter((sub) => keepsSub(sub, kind, naming));
  const isWhole = type !== 'complex' || (isCore && kept.length === subAttributes.length);
  return isWhole ? 'whole' : new Set(kept.map(({ name }) => name));
}

function keepsSub(sub: AttributeDefinition, kind: Projection['kind'], naming: Naming): boolean {
  if (sub.returned === 'never' || sub.returned === 'always') {
    return sub.returned === 'always';
  }
  const isNamed = typeof naming === 'object' && naming.has(sub.name);
  if (kind === 'only' && typeof naming === 'object') {
    return isNamed;
  }
  return sub.returned !== 'request' && !(kind === 'without' && isNamed);
}
