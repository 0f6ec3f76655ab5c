import type { AttributeDefinition } from './definition.js';

/** What a schema says about an attribute beyond its name, type and description. */
export type AttributeTraits = Partial<Omit<AttributeDefinition, 'name' | 'type' | 'description' | 'subAttributes'>>;

const DEFAULTS = {
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
} as const;

/** A string attribute, compared without regard to case unless the traits say otherwise. */
export function string(name: string, description: string, traits: AttributeTraits = {}): AttributeDefinition {
  return { name, type: 'string', description, ...DEFAULTS, ...traits };
}

/** A boolean attribute. */
export function boolean(name: string, description: string, traits: AttributeTraits = {}): AttributeDefinition {
  return { name, type: 'boolean', description, ...DEFAULTS, ...traits };
}

/** An integer attribute. */
export function integer(name: string, description: string, traits: AttributeTraits = {}): AttributeDefinition {
  return { name, type: 'integer', description, ...DEFAULTS, ...traits };
}

/** A dateTime attribute. */
export function dateTime(name: string, description: string, traits: AttributeTraits = {}): AttributeDefinition {
  return { name, type: 'dateTime', description, ...DEFAULTS, ...traits };
}

/** A base64 attribute; its text is case-exact. */
export function binary(name: string, description: string, traits: AttributeTraits = {}): AttributeDefinition {
  return { name, type: 'binary', description, ...DEFAULTS, caseExact: true, ...traits };
}

/** A URI attribute that points to one of `referenceTypes`; case-exact. */
export function reference(
  name: string,
  description: string,
  referenceTypes: readonly string[],
  traits: AttributeTraits = {},
): AttributeDefinition {
  return { name, type: 'reference', description, ...DEFAULTS, caseExact: true, referenceTypes, ...traits };
}

/** An attribute made of sub-attributes. */
export function complex(
  name: string,
  description: string,
  subAttributes: readonly AttributeDefinition[],
  traits: AttributeTraits = {},
): AttributeDefinition {
  return { name, type: 'complex', description, ...DEFAULTS, ...traits, subAttributes };
}
