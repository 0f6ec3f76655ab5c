import { assertNever } from '../errors/assert-never.js';
import { ScimError } from '../errors/scim-error.js';
import { parsePath } from '../path/parse-path.js';
import type { PatchPath } from '../path/patch-path.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import type { ResourceType, SchemaDefinition } from '../schema/definition.js';
import { readWith, removeAttribute, removePart, setAttribute, setPart } from './change-attribute.js';
import type { ChangeContext } from './change-context.js';
import { requireWritable } from './change-context.js';
import {
  removeAllParts,
  removeElementParts,
  removeElements,
  writeAllParts,
  writeElementParts,
  writeElements,
} from './change-elements.js';
import { addElements, replaceElements } from './change-list.js';
import { splitPathless } from './normalise/split-pathless.js';
import type { PatchOperation } from './operation.js';

/** Applies one operation to the draft (RFC 7644 section 3.5.2). */
export function applyOperation(context: ChangeContext, operation: PatchOperation, resourceType: ResourceType): void {
  const path: PatchPath = operation.path === undefined ? { kind: 'resource' } : parsePath(operation.path, resourceType);
  if (operation.op === 'remove') {
    remove(context, path, resourceType);
  } else {
    if (operation.value === undefined) {
      throw ScimError.invalidValue(`The operation ${operation.op} needs a value.`);
    }
    write(context, path, operation, operation.op, resourceType);
  }
}

function write(
  context: ChangeContext,
  path: PatchPath,
  operation: PatchOperation,
  op: 'add' | 'replace',
  resourceType: ResourceType,
): void {
  switch (path.kind) {
    case 'unknown':
      return;
    case 'resource':
    case 'extension':
      return writeMembers(context, operation, resourceType);
    case 'attribute':
      requireWritable(path.target);
      return writeAttribute(context, path.target, op, operation.value);
    case 'elements':
      requireWritable(targetOf(path));
      if (isWriteOnly(targetOf(path))) {
        return;
      }
      return path.subAttribute === undefined
        ? writeElements(context, path, op, operation.value)
        : writeElementParts(context, path, path.subAttribute, operation.value);
    default:
      return assertNever(path);
  }
}

/** An operation on the resource or an extension as a whole sets each attribute that its value names. */
function writeMembers(context: ChangeContext, operation: PatchOperation, resourceType: ResourceType): void {
  for (const part of splitPathless(operation, resourceType)) {
    if (part === operation) {
      throw ScimError.invalidValue('A schema URN as path needs an object of attributes as value.');
    }
    applyOperation(context, part, resourceType);
  }
}

function writeAttribute(context: ChangeContext, target: AttributeTarget, op: 'add' | 'replace', value: unknown): void {
  const { attribute, subAttribute } = target;
  if (isWriteOnly(target)) {
    readWith(context, value, target);
    return;
  }
  if (!attribute.multiValued) {
    return subAttribute === undefined ? setAttribute(context, target, value) : setPart(context, target, value);
  }
  if (subAttribute !== undefined) {
    return writeAllParts(context, target, subAttribute, value);
  }
  return op === 'add' ? addElements(context, target, value) : replaceElements(context, target, value);
}

/** Values of a write-only attribute, such as a password, are checked and not kept. */
function isWriteOnly({ attribute, subAttribute }: AttributeTarget): boolean {
  return attribute.mutability === 'writeOnly' || subAttribute?.mutability === 'writeOnly';
}

function targetOf({ target, subAttribute }: PatchPath & { kind: 'elements' }): AttributeTarget {
  return { ...target, ...(subAttribute === undefined ? {} : { subAttribute }) };
}

function remove(context: ChangeContext, path: PatchPath, resourceType: ResourceType): void {
  switch (path.kind) {
    case 'unknown':
      return;
    case 'resource':
      throw ScimError.noTarget('The operation remove needs a path.');
    case 'extension':
      return removeExtension(context, path.schema, resourceType);
    case 'attribute':
      requireWritable(path.target);
      return removeTarget(context, path.target);
    case 'elements':
      requireWritable(targetOf(path));
      return path.subAttribute === undefined
        ? removeElements(context, path)
        : removeElementParts(context, path, path.subAttribute);
    default:
      return assertNever(path);
  }
}

/** An extension that is not required may be given up with all that it requires. */
function removeExtension(
  { draft, removed }: ChangeContext,
  schema: SchemaDefinition,
  { extensions }: ResourceType,
): void {
  if (extensions.some((extension) => extension.schema === schema && extension.required)) {
    schema.attributes
      .filter((attribute) => attribute.required && draft.get({ schema: schema.id, attribute }) !== undefined)
      .forEach((attribute) => removed.add({ schema: schema.id, attribute }));
  }
  draft.removeExtension(schema.id);
}

function removeTarget(context: ChangeContext, target: AttributeTarget): void {
  const { attribute, subAttribute } = target;
  if (subAttribute === undefined) {
    if (attribute.required && context.draft.get(target) !== undefined) {
      context.removed.add(target);
    }
    return removeAttribute(context, target);
  }
  return attribute.multiValued ? removeAllParts(context, target, subAttribute) : removePart(context, target);
}
