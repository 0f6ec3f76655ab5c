import { sameValue } from '../resource/element-identity.js';
import { readValue } from '../resource/read-value.js';
import type { ScimValue } from '../resource/resource.js';
import { isComplex, own } from '../resource/resource.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import { targetName } from '../schema/attribute-target.js';
import type { ChangeContext } from './change-context.js';
import { mergeComplex, requireMutable, requireMutableParts, withoutPart } from './change-context.js';

/** add and replace on a single-valued attribute: a simple value is set, a complex one merged over what is there. */
export function setAttribute(context: ChangeContext, target: AttributeTarget, value: unknown): void {
  const { attribute } = target;
  const name = targetName(target);
  const result = readWith(context, value, target);
  if (result === undefined) {
    return;
  }
  const read = result.value;
  const before = context.draft.get(target);
  if (read === undefined) {
    if (attribute.type !== 'complex') {
      removeAttribute(context, target);
    }
    return;
  }
  const after = isComplex(read) ? mergeComplex(before, read) : read;
  requireMutable(before, after, attribute, name);
  if (attribute.mutability === 'immutable' && sameValue(before, after, attribute)) {
    return;
  }
  if (isComplex(before) && isComplex(after)) {
    requireMutableParts(before, after, attribute, name);
  }
  context.draft.set(target, after);
}

/** add and replace on a sub-attribute of a single-valued attribute. */
export function setPart(context: ChangeContext, target: AttributeTarget, value: unknown): void {
  const { attribute, subAttribute } = target;
  const result = readWith(context, value, target);
  if (subAttribute === undefined || result === undefined) {
    return;
  }
  const read = result.value;
  if (read === undefined) {
    removePart(context, target);
    return;
  }
  const before = context.draft.get(target);
  const current = isComplex(before) ? own(before, subAttribute.name) : undefined;
  requireMutable(current, read, subAttribute, targetName(target));
  requireMutable(before, undefined, attribute, targetName(target));
  context.draft.set(target, mergeComplex(before, { [subAttribute.name]: read }));
}

/** remove on an attribute as a whole, of one value or many. */
export function removeAttribute(context: ChangeContext, target: AttributeTarget): void {
  if (target.attribute.mutability === 'immutable') {
    requireMutable(context.draft.get(target), undefined, target.attribute, targetName(target));
  }
  context.draft.set(target, undefined);
}

/** remove on a sub-attribute of a single-valued attribute. */
export function removePart(context: ChangeContext, target: AttributeTarget): void {
  const before = context.draft.get(target);
  const { subAttribute } = target;
  if (subAttribute === undefined || !isComplex(before) || !Object.hasOwn(before, subAttribute.name)) {
    return;
  }
  requireMutable(own(before, subAttribute.name), undefined, subAttribute, targetName(target));
  context.draft.set(target, withoutPart(before, subAttribute.name));
}

/** What a value was read as; `value` is undefined when it says nothing. */
export interface ReadResult {
  readonly value: ScimValue | undefined;
}

/** The value in canonical form, or undefined when it does not fit its attribute, which is added to the issues. */
export function readWith({ issues }: ChangeContext, value: unknown, target: AttributeTarget): ReadResult | undefined {
  const count = issues.count;
  const read = readValue(value, target.subAttribute ?? target.attribute, targetName(target), issues);
  return issues.count > count ? undefined : { value: read };
}
