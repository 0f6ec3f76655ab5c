import { findAttribute } from '../schema/attribute-name.js';
import type { AttributeDefinition } from '../schema/definition.js';
import { withoutRepeats } from './element-identity.js';
import type { Issues } from './issues.js';
import { readSimple } from './read-simple.js';
import type { ScimComplex, ScimValue } from './resource.js';
import { isObject } from './resource.js';
import { isUnassigned, unwrapSingle, wrapBare } from './tolerance.js';

const DEFAULT_ELEMENTS = 1000;

/**
 * A value from a request in canonical form: names as in the schema, unknown and read-only sub-attributes dropped, write-
 * only ones checked and dropped, null and "" left out. Undefined when nothing is left, or when it does not fit, which is added to the issues.
 */
export function readValue(
  value: unknown,
  attribute: AttributeDefinition,
  path: string,
  issues: Issues,
): ScimValue | undefined {
  const single = unwrapSingle(value, attribute);
  if (isUnassigned(single)) {
    return undefined;
  }
  const tolerated = wrapBare(single, attribute);
  if (attribute.multiValued && Array.isArray(tolerated)) {
    return readList(tolerated, attribute, path, issues);
  }
  return readOne(tolerated, attribute, path, issues);
}

/** One element of a multi-valued attribute in canonical form, or undefined as in readValue. */
export function readElement(
  value: unknown,
  attribute: AttributeDefinition,
  path: string,
  issues: Issues,
): ScimValue | undefined {
  return readValue(value, { ...attribute, multiValued: false }, path, issues);
}

/** Adds an issue when a list is longer than its attribute allows. */
export function checkElementCount(count: number, attribute: AttributeDefinition, path: string, issues: Issues): void {
  const limit = attribute.maxElements ?? DEFAULT_ELEMENTS;
  if (count > limit) {
    issues.add(path, `must not have more than ${limit} values`);
  }
}

function readList(
  values: readonly unknown[],
  attribute: AttributeDefinition,
  path: string,
  issues: Issues,
): ScimValue | undefined {
  checkElementCount(values.length, attribute, path, issues);
  const limit = attribute.maxElements ?? DEFAULT_ELEMENTS;
  const result: ScimValue[] = [];
  for (const [index, value] of values.entries()) {
    if (index >= limit) {
      break;
    }
    const element = isUnassigned(value) ? undefined : readOne(value, attribute, `${path}[${index}]`, issues);
    if (element !== undefined) {
      result.push(element);
    }
  }
  return result.length === 0 ? undefined : withoutRepeats(result, attribute);
}

function readOne(value: unknown, attribute: AttributeDefinition, path: string, issues: Issues): ScimValue | undefined {
  if (attribute.type !== 'complex') {
    return readSimple(value, attribute, path, issues);
  }
  if (!isObject(value)) {
    issues.add(path, 'must be an object');
    return undefined;
  }
  return readComplex(value, attribute, path, issues);
}

/** A complex value whose `value` is sent empty says that there is none (`{"value": ""}`, case U34). */
function readComplex(
  object: Readonly<Record<string, unknown>>,
  attribute: AttributeDefinition,
  path: string,
  issues: Issues,
): ScimComplex | undefined {
  const result: Record<string, ScimValue> = {};
  for (const key of Object.keys(object)) {
    const subAttribute = findAttribute(attribute.subAttributes, key);
    if (subAttribute === undefined || subAttribute.mutability === 'readOnly') {
      continue;
    }
    const value = readValue(object[key], subAttribute, `${path}.${subAttribute.name}`, issues);
    if (value !== undefined) {
      if (subAttribute.mutability !== 'writeOnly') {
        result[subAttribute.name] = value;
      }
    } else if (subAttribute.name === 'value' && isUnassigned(object[key])) {
      return undefined;
    }
  }
  return Object.keys(result).length === 0 ? undefined : result;
}
