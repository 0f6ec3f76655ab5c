import { ScimError } from '../errors/scim-error.js';
import { isIdentifiedByValue, sameValue } from '../resource/element-identity.js';
import type { ScimComplex, ScimValue } from '../resource/resource.js';
import { isComplex, isList, own } from '../resource/resource.js';
import { findAttribute } from '../schema/attribute-name.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import { targetName } from '../schema/attribute-target.js';
import type { AttributeDefinition } from '../schema/definition.js';
import { readWith, removeAttribute } from './change-attribute.js';
import type { ChangeContext } from './change-context.js';
import { requireMutable } from './change-context.js';
import type { ElementList } from './element-list.js';

/** add on a multi-valued attribute: new elements go to the end, those that are there already change nothing. */
export function addElements(context: ChangeContext, target: AttributeTarget, value: unknown): void {
  const read = readWith(context, value, target)?.value;
  if (!isList(read)) {
    return;
  }
  if (target.attribute.mutability === 'immutable') {
    requireMutable(context.draft.get(target), read, target.attribute, targetName(target));
  }
  const list = context.draft.list(target);
  const slots = read.map((element) => addElement(list, element));
  keepOnePrimary(list, slots);
}

/** replace on a multi-valued attribute: the new elements are all there is afterwards. */
export function replaceElements(context: ChangeContext, target: AttributeTarget, value: unknown): void {
  const result = readWith(context, value, target);
  if (result === undefined) {
    return;
  }
  const read = result.value;
  if (read === undefined) {
    removeAttribute(context, target);
    return;
  }
  requireMutable(context.draft.get(target), read, target.attribute, targetName(target));
  context.draft.set(target, read);
}

/** After `touched` slots were written: one that is primary now unsets the primary of all others (RFC 7644 3.5.2). */
export function keepOnePrimary(list: ElementList, touched: readonly number[]): void {
  const primary = findAttribute(list.attribute.subAttributes, 'primary');
  const isPrimary = (slot: number): boolean => {
    const element = list.at(slot);
    return isComplex(element) && own(element, 'primary') === true;
  };
  if (primary === undefined || !touched.some(isPrimary)) {
    return;
  }
  const ours = new Set(touched);
  for (const slot of list.having(primary, true)) {
    const element = list.at(slot);
    if (!ours.has(slot) && isComplex(element)) {
      list.put(slot, { ...element, primary: false });
    }
  }
}

/** Adds one element unless it is there, and gives its slot. */
export function addElement(list: ElementList, element: ScimValue): number {
  if (!isComplex(element)) {
    const known = list.all().find((slot) => sameValue(list.at(slot), element, list.attribute));
    return known ?? list.append(element);
  }
  const slot = findEqual(list, element);
  const known = slot === undefined ? undefined : list.at(slot);
  if (slot === undefined || !isComplex(known)) {
    return list.append(element);
  }
  if (isIdentifiedByValue(list.attribute)) {
    if (Object.keys(element).some((name) => !Object.hasOwn(known, name))) {
      list.put(slot, { ...element, ...known });
    }
  } else if (Object.hasOwn(element, 'primary') && own(element, 'primary') !== own(known, 'primary')) {
    list.put(slot, { ...known, primary: element['primary'] === true });
  }
  return slot;
}

/** The element that already says all that the new one says, whichever of them is primary. */
function findEqual(list: ElementList, element: ScimComplex): number | undefined {
  const names = isIdentifiedByValue(list.attribute)
    ? ['value']
    : Object.keys(element).filter((name) => name !== 'primary');
  const parts = names.flatMap((name) => findAttribute(list.attribute.subAttributes, name) ?? []);
  return candidates(list, element, parts).find((slot) => {
    const known = list.at(slot);
    return isComplex(known) && parts.every((part) => samePart(known, element, part));
  });
}

function candidates(list: ElementList, element: ScimComplex, parts: readonly AttributeDefinition[]): readonly number[] {
  const key = parts.find((part) => part.name === 'value') ?? parts[0];
  return key === undefined ? [] : list.havingLike(key, own(element, key.name));
}

function samePart(known: ScimComplex, element: ScimComplex, part: AttributeDefinition): boolean {
  return sameValue(own(known, part.name), own(element, part.name), part);
}

/** The error for a value path that matches nothing and says too little to create what it is about. */
export function nothingSelected(target: AttributeTarget): ScimError {
  return ScimError.noTarget(`No element of ${targetName(target)} matches the filter of the path.`);
}
