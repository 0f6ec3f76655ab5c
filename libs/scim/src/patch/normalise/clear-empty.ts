import { parsePath } from '../../path/parse-path.js';
import { isObject } from '../../resource/resource.js';
import { isUnassigned, unwrapSingle } from '../../resource/tolerance.js';
import { equalNames, findAttribute } from '../../schema/attribute-name.js';
import type { AttributeDefinition, ResourceType } from '../../schema/definition.js';
import type { PatchOperation } from '../operation.js';
import { addressedAttribute } from './addressed-attribute.js';

/**
 * To set an attribute to null (cases U38, U40), "" (U35, U39, U66), [] (U65) or `{"value": ""}` (U34) is to remove
 * it. To add nothing to a multi-valued attribute is nothing.
 */
export function clearEmpty(operation: PatchOperation, resourceType: ResourceType): readonly PatchOperation[] {
  if (operation.op === 'remove' || operation.path === undefined || operation.value === undefined) {
    return [operation];
  }
  const path = parsePath(operation.path, resourceType);
  const attribute = addressedAttribute(path);
  const isEmpty =
    attribute === undefined
      ? path.kind === 'extension' && isUnassigned(operation.value)
      : isEmptyFor(unwrapSingle(operation.value, attribute), attribute);
  // An empty value for what is required is a wrong value, not a removal (U45).
  if (!isEmpty || attribute?.required === true) {
    return [operation];
  }
  return attribute?.multiValued === true && operation.op === 'add' ? [] : [{ op: 'remove', path: operation.path }];
}

/**
 * Empty members of a complex value clear those sub-attributes (`{"givenName": null}`), while the RFC's replace leaves
 * what is not named: they become removals of their own, before the rest is set.
 */
export function clearEmptyMembers(operation: PatchOperation, resourceType: ResourceType): readonly PatchOperation[] {
  const { op, path: text, value: sent } = operation;
  const path = op === 'remove' || text === undefined ? undefined : parsePath(text, resourceType);
  if (path?.kind !== 'attribute' || path.target.subAttribute !== undefined) {
    return [operation];
  }
  const { attribute } = path.target;
  const value = unwrapSingle(sent, attribute);
  if (attribute.multiValued || attribute.type !== 'complex' || !isObject(value)) {
    return [operation];
  }
  const cleared = Object.keys(value).filter((key) => isUnassigned(value[key]) && isWritable(attribute, key));
  if (cleared.length === 0) {
    return [operation];
  }
  const kept = Object.entries(value).filter(([key]) => !cleared.includes(key));
  const removals = cleared.map((key): PatchOperation => ({ op: 'remove', path: `${text}.${key}` }));
  return kept.length === 0 ? removals : [...removals, { ...operation, value: Object.fromEntries(kept) }];
}

function isEmptyFor(value: unknown, attribute: AttributeDefinition): boolean {
  if (isUnassigned(value) || (Array.isArray(value) && value.length === 0)) {
    return true;
  }
  if (attribute.type !== 'complex' || !isObject(value)) {
    return false;
  }
  const key = Object.keys(value).find((name) => equalNames(name, 'value'));
  const hasValue = findAttribute(attribute.subAttributes, 'value') !== undefined;
  return hasValue && key !== undefined && isUnassigned(value[key]);
}

function isWritable(attribute: AttributeDefinition, key: string): boolean {
  const subAttribute = findAttribute(attribute.subAttributes, key);
  return subAttribute !== undefined && subAttribute.mutability !== 'readOnly';
}
