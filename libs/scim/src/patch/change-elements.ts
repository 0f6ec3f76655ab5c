import { matchesElement } from '../filter/matches.js';
import type { PatchPath } from '../path/patch-path.js';
import { readElement } from '../resource/read-value.js';
import type { ScimComplex, ScimValue } from '../resource/resource.js';
import { isComplex, own } from '../resource/resource.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import { targetName } from '../schema/attribute-target.js';
import type { AttributeDefinition } from '../schema/definition.js';
import { readWith } from './change-attribute.js';
import type { ChangeContext } from './change-context.js';
import { mergeComplex, requireMutable, requireMutableParts, withoutPart } from './change-context.js';
import { addElement, keepOnePrimary, nothingSelected } from './change-list.js';
import type { ElementList } from './element-list.js';
import { equalityConditions } from './equality-conditions.js';

type ElementsPath = PatchPath & { kind: 'elements' };

/**
 * add and replace on selected elements as a whole: add merges into them, replace puts the new value in their place
 * (what the filter says about them stays true). When nothing matches, the element is created.
 */
export function writeElements(context: ChangeContext, path: ElementsPath, op: 'add' | 'replace', value: unknown): void {
  const { target, filter } = path;
  const name = targetName(target);
  const count = context.issues.count;
  const read = readElement(value, target.attribute, name, context.issues);
  if (context.issues.count > count || read === undefined) {
    return;
  }
  const list = context.draft.list(target);
  const slots = list.select(filter);
  if (slots.length === 0) {
    createElement(context, path, list, read);
    return;
  }
  for (const slot of slots) {
    const before = list.at(slot);
    if (isComplex(before) && isComplex(read)) {
      const after =
        op === 'add'
          ? mergeComplex(before, read)
          : { ...fixedParts(before, target), ...conditionsOf(path, context), ...read };
      requireMutableParts(before, after, target.attribute, name);
      list.put(slot, after);
    } else {
      list.put(slot, read);
    }
  }
  keepOnePrimary(list, slots);
}

/** add and replace on one sub-attribute of the selected elements; when nothing matches, an element is created. */
export function writeElementParts(
  context: ChangeContext,
  path: ElementsPath,
  part: AttributeDefinition,
  value: unknown,
): void {
  const result = readWith(context, value, { ...path.target, subAttribute: part });
  if (result === undefined) {
    return;
  }
  const read = result.value;
  if (read === undefined) {
    removeElementParts(context, path, part);
    return;
  }
  const list = context.draft.list(path.target);
  const slots = list.select(path.filter);
  if (slots.length === 0) {
    createElement(context, path, list, { [part.name]: read });
    return;
  }
  writePart(list, slots, part, read, path.target);
}

/** remove on selected elements. Nothing matched is no error: Entra repeats itself. */
export function removeElements(context: ChangeContext, path: ElementsPath): void {
  const list = context.draft.list(path.target);
  for (const slot of list.select(path.filter)) {
    list.put(slot, undefined);
  }
}

/** remove on one sub-attribute of the selected elements. */
export function removeElementParts(context: ChangeContext, path: ElementsPath, part: AttributeDefinition): void {
  const list = context.draft.list(path.target);
  removePartOf(list, list.select(path.filter), part);
}

/** add and replace on a sub-attribute of a multi-valued attribute without filter: all elements, or a first one. */
export function writeAllParts(
  context: ChangeContext,
  target: AttributeTarget,
  part: AttributeDefinition,
  value: unknown,
): void {
  const result = readWith(context, value, target);
  if (result === undefined) {
    return;
  }
  const read = result.value;
  const list = context.draft.list(target);
  const slots = list.all();
  if (read === undefined) {
    removePartOf(list, slots, part);
  } else if (slots.length === 0) {
    list.append({ [part.name]: read });
  } else {
    writePart(list, slots, part, read, target);
  }
}

/** remove on a sub-attribute of a multi-valued attribute without filter. */
export function removeAllParts(context: ChangeContext, target: AttributeTarget, part: AttributeDefinition): void {
  const list = context.draft.list(target);
  removePartOf(list, list.all(), part);
}

function writePart(
  list: ElementList,
  slots: readonly number[],
  part: AttributeDefinition,
  value: ScimValue,
  target: AttributeTarget,
): void {
  for (const slot of slots) {
    const before = list.at(slot);
    if (isComplex(before)) {
      requireMutable(own(before, part.name), value, part, `${targetName(target)}.${part.name}`);
      list.put(slot, mergeComplex(before, { [part.name]: value }));
    }
  }
  keepOnePrimary(list, slots);
}

function removePartOf(list: ElementList, slots: readonly number[], part: AttributeDefinition): void {
  for (const slot of slots) {
    const before = list.at(slot);
    if (isComplex(before) && Object.hasOwn(before, part.name)) {
      list.put(slot, withoutPart(before, part.name));
    }
  }
}

/**
 * Entra sets `emails[type eq "work"].value` on a user without e-mail: the filter says what to create (case U25). What
 * would not satisfy its own filter is not created: then nothing is selected (RFC 7644 section 3.5.2.3).
 */
function createElement(context: ChangeContext, path: ElementsPath, list: ElementList, value: ScimValue): void {
  const conditions = conditionsOf(path, context);
  if (conditions === undefined) {
    throw nothingSelected(path.target);
  }
  const element = isComplex(value) ? { ...conditions, ...value } : value;
  if (!matchesElement(path.filter, element)) {
    throw nothingSelected(path.target);
  }
  keepOnePrimary(list, [addElement(list, element)]);
}

/** What a replace of an element cannot take from it: its immutable sub-attributes. */
function fixedParts(element: ScimComplex, { attribute }: AttributeTarget): ScimComplex {
  const fixed = (attribute.subAttributes ?? []).filter(({ mutability }) => mutability === 'immutable');
  return Object.fromEntries(
    fixed.flatMap(({ name }) => {
      const value = own(element, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** What the filter says for certain about the elements it selects, as an element; undefined when it says nothing. */
function conditionsOf(path: ElementsPath, { issues }: ChangeContext): ScimComplex | undefined {
  const conditions = equalityConditions(path.filter);
  const members = conditions.flatMap(({ target, literal }) =>
    target.subAttribute === undefined ? [] : [[target.subAttribute.name, literal] as const],
  );
  if (conditions.length === 0) {
    return undefined;
  }
  const { target } = path;
  const element = readElement(Object.fromEntries(members), target.attribute, targetName(target), issues);
  return isComplex(element) ? element : {};
}
