import { coreAttributes } from '../schema/attribute-target.js';
import type { AttributeDefinition, ResourceType } from '../schema/definition.js';
import type { ProjectedPath, Projection } from './projection.js';
import type { ScimComplex, ScimResource, ScimValue } from './resource.js';
import { isComplex, isList, own } from './resource.js';

/**
 * The part of a resource (with its `schemas`, `id` and `meta`) that an answer carries: `always` in any case, `never`
 * in none, `request` only when named, the rest unless it was left out.
 */
export function project(resource: ScimResource, projection: Projection, resourceType: ResourceType): ScimResource {
  const result = projectHolder(resource, coreAttributes(resourceType), projection, undefined);
  for (const { schema } of resourceType.extensions) {
    const extension = own(resource, schema.id);
    if (isComplex(extension)) {
      const projected = projectHolder(extension, schema.attributes, projection, schema.id);
      if (Object.keys(projected).length > 0) {
        result[schema.id] = projected;
      }
    }
  }
  return result;
}

function projectHolder(
  holder: ScimComplex,
  attributes: readonly AttributeDefinition[],
  projection: Projection,
  schema: string | undefined,
): Record<string, ScimValue> {
  const result: Record<string, ScimValue> = {};
  const isWholeExtensionNamed = projection.paths.some((path) => 'extension' in path && path.extension === schema);
  for (const attribute of attributes) {
    const value = own(holder, attribute.name);
    if (value === undefined || attribute.returned === 'never') {
      continue;
    }
    const naming = namingOf(attribute, projection.paths, schema, isWholeExtensionNamed);
    const projected = projectValue(value, attribute, projection.kind, naming);
    if (projected !== undefined) {
      result[attribute.name] = projected;
    }
  }
  return result;
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

function projectValue(
  value: ScimValue,
  attribute: AttributeDefinition,
  kind: Projection['kind'],
  naming: Naming,
): ScimValue | undefined {
  const isAlways = attribute.returned === 'always';
  const isNamed = naming !== 'not';
  if (attribute.returned === 'request' && !(kind === 'only' && isNamed)) {
    return undefined;
  }
  if (kind === 'only' && !isNamed && !isAlways) {
    return undefined;
  }
  if (kind === 'without' && naming === 'whole' && !isAlways) {
    return undefined;
  }
  if (attribute.type !== 'complex') {
    return value;
  }
  const keeps = (sub: AttributeDefinition): boolean => keepsSub(sub, kind, naming);
  if (!isList(value)) {
    return projectComplex(value, attribute, keeps);
  }
  const elements = value.flatMap((element) => projectComplex(element, attribute, keeps) ?? []);
  return elements.length === 0 ? undefined : elements;
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

function projectComplex(
  value: ScimValue,
  attribute: AttributeDefinition,
  keeps: (sub: AttributeDefinition) => boolean,
): ScimComplex | undefined {
  if (!isComplex(value)) {
    return undefined;
  }
  const result: Record<string, ScimValue> = {};
  for (const sub of attribute.subAttributes ?? []) {
    const subValue = own(value, sub.name);
    if (subValue !== undefined && keeps(sub)) {
      result[sub.name] = subValue;
    }
  }
  return Object.keys(result).length === 0 ? undefined : result;
}
