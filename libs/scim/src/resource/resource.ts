/** A value of a resource: JSON without null, because null means unassigned (RFC 7643 section 2.5). */
export type ScimValue = string | number | boolean | ScimComplex | readonly ScimValue[];

/** A complex value: sub-attributes by the names of the schema. */
export interface ScimComplex {
  readonly [subAttribute: string]: ScimValue;
}

/**
 * A resource in canonical form: core attributes by the schema's names, extensions by their URNs. `schemas`, `id` and
 * `meta` are not part of it; they belong to whoever stores the resource.
 */
export interface ScimResource {
  readonly [attributeOrUrn: string]: ScimValue;
}

/** Whether the value is an object and no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value is a complex value. */
export function isComplex(value: ScimValue | undefined): value is ScimComplex {
  return isObject(value);
}

/** Whether the value is a list of values. */
export function isList(value: ScimValue | undefined): value is readonly ScimValue[] {
  return Array.isArray(value);
}

/** An own member of an object; what is inherited does not count. */
export function own(object: ScimComplex, key: string): ScimValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
