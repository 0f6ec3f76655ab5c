import { equalNames, findAttribute } from './attribute-name.js';
import { commonAttributes } from './common-attributes.js';
import type { AttributeDefinition, ResourceType, SchemaDefinition } from './definition.js';

/** An attribute of a resource type; `schema` is the URN of the extension it belongs to, absent for core and common. */
export interface AttributeTarget {
  readonly schema?: string;
  readonly attribute: AttributeDefinition;
  readonly subAttribute?: AttributeDefinition;
}

/** What the text of an attribute path stands for. */
export type AttributeReference =
  | { readonly kind: 'attribute'; readonly target: AttributeTarget }
  | { readonly kind: 'extension'; readonly schema: SchemaDefinition }
  | { readonly kind: 'resource' }
  | { readonly kind: 'unknown' };

const UNKNOWN: AttributeReference = { kind: 'unknown' };

/**
 * Resolves `attr`, `attr.sub`, `URN:attr`, `URN:attr.sub` or a bare schema URN without regard to case. The longest
 * URN that the text starts with is taken, so the dot of "2.0" separates nothing. A bare name that the core schema does
 * not know is looked for in the extensions: Entra asks for `manager` alone (cases F14, U36).
 */
export function resolveAttribute(text: string, resourceType: ResourceType): AttributeReference {
  const schema = longestSchema(text, resourceType);
  if (schema === undefined) {
    return text.includes(':') ? UNKNOWN : resolveBare(text, resourceType);
  }
  const isCore = schema === resourceType.schema;
  if (text.length === schema.id.length) {
    return isCore ? { kind: 'resource' } : { kind: 'extension', schema };
  }
  const rest = text.slice(schema.id.length + 1);
  return isCore ? resolveCore(rest, resourceType) : resolveIn(rest, schema.attributes, schema.id);
}

/** The attributes addressed without a URN: those of the core schema and the common ones. */
export function coreAttributes(resourceType: ResourceType): readonly AttributeDefinition[] {
  return [...commonAttributes, ...resourceType.schema.attributes];
}

/** The spelling in which a target is named to people: `name.familyName`, `urn:…:User:department`. */
export function targetName(target: AttributeTarget): string {
  const name =
    target.subAttribute === undefined ? target.attribute.name : `${target.attribute.name}.${target.subAttribute.name}`;
  return target.schema === undefined ? name : `${target.schema}:${name}`;
}

/** A complex attribute taken as a whole means its `value` (`manager eq "26"`, `emails co "@example"`), where it has one. */
export function withValue(target: AttributeTarget): AttributeTarget {
  if (target.subAttribute !== undefined || target.attribute.type !== 'complex') {
    return target;
  }
  const subAttribute = findAttribute(target.attribute.subAttributes, 'value');
  return subAttribute === undefined ? target : { ...target, subAttribute };
}

/** The core or extension schema with that URN, without regard to case. */
export function findSchema(urn: string, resourceType: ResourceType): SchemaDefinition | undefined {
  return schemas(resourceType).find((schema) => equalNames(schema.id, urn));
}

function schemas(resourceType: ResourceType): readonly SchemaDefinition[] {
  return [resourceType.schema, ...resourceType.extensions.map((extension) => extension.schema)];
}

/** The pre-2018 Entra dialect puts a dot where the RFC has a colon before an extension's attribute. */
function longestSchema(text: string, resourceType: ResourceType): SchemaDefinition | undefined {
  let longest: SchemaDefinition | undefined;
  for (const schema of schemas(resourceType)) {
    const { length } = schema.id;
    const isWhole = text.length === length || text[length] === ':' || text[length] === '.';
    if (isWhole && length > (longest?.id.length ?? 0) && equalNames(text.slice(0, length), schema.id)) {
      longest = schema;
    }
  }
  return longest;
}

function resolveBare(text: string, resourceType: ResourceType): AttributeReference {
  const core = resolveCore(text, resourceType);
  if (core.kind !== 'unknown') {
    return core;
  }
  for (const { schema } of resourceType.extensions) {
    const found = resolveIn(text, schema.attributes, schema.id);
    if (found.kind !== 'unknown') {
      return found;
    }
  }
  return UNKNOWN;
}

function resolveCore(text: string, resourceType: ResourceType): AttributeReference {
  const found = resolveIn(text, resourceType.schema.attributes);
  return found.kind === 'unknown' ? resolveIn(text, commonAttributes) : found;
}

function resolveIn(text: string, attributes: readonly AttributeDefinition[], schema?: string): AttributeReference {
  const [name = '', subName, ...more] = text.split('.', 3);
  const attribute = findAttribute(attributes, name);
  if (attribute === undefined || more.length > 0) {
    return UNKNOWN;
  }
  const home = schema === undefined ? {} : { schema };
  if (subName === undefined) {
    return { kind: 'attribute', target: { ...home, attribute } };
  }
  const subAttribute = findAttribute(attribute.subAttributes, subName);
  return subAttribute === undefined ? UNKNOWN : { kind: 'attribute', target: { ...home, attribute, subAttribute } };
}
