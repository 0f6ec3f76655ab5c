import { quote } from '../../filter/print-filter.js';
import { parsePath } from '../../path/parse-path.js';
import { isIdentifiedByValue } from '../../resource/element-identity.js';
import { isObject } from '../../resource/resource.js';
import { findAttribute } from '../../schema/attribute-name.js';
import type { AttributeDefinition, ResourceType } from '../../schema/definition.js';
import type { PatchOperation } from '../operation.js';

/**
 * Entra's default dialect removes members by listing them in the value (`[{"value": "u1"}]`, case G07). Each becomes
 * a removal by value path; the RFC, which ignores the value, would empty the group.
 */
export function listRemovals(operation: PatchOperation, resourceType: ResourceType): readonly PatchOperation[] {
  const { op, path: text, value } = operation;
  if (op !== 'remove' || text === undefined || value === undefined || value === null || value === '') {
    return [operation];
  }
  const path = parsePath(text, resourceType);
  if (path.kind !== 'attribute' || path.target.subAttribute !== undefined || !path.target.attribute.multiValued) {
    return [operation];
  }
  const { attribute } = path.target;
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  return listed.flatMap((element): readonly PatchOperation[] => {
    const conditions = conditionsFor(element, attribute);
    return conditions.length === 0 ? [] : [{ op: 'remove', path: `${text}[${conditions.join(' and ')}]` }];
  });
}

function conditionsFor(element: unknown, attribute: AttributeDefinition): readonly string[] {
  if (typeof element === 'string') {
    return element === '' ? [] : [`value eq ${quote(element)}`];
  }
  if (!isObject(element)) {
    return [];
  }
  const conditions: string[] = [];
  for (const key of Object.keys(element)) {
    const subAttribute = findAttribute(attribute.subAttributes, key);
    const value = element[key];
    const counts = subAttribute?.name === 'value' || !isIdentifiedByValue(attribute);
    if (subAttribute === undefined || !counts) {
      continue;
    }
    if (typeof value === 'boolean' || typeof value === 'number') {
      conditions.push(`${subAttribute.name} eq ${value}`);
    } else if (typeof value === 'string' && value !== '') {
      conditions.push(`${subAttribute.name} eq ${quote(value)}`);
    }
  }
  return conditions;
}
