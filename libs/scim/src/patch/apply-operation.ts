import { assertNever } from '../errors/assert-never.js';
import { ScimError } from '../errors/scim-error.js';
import { parsePath } from '../path/parse-path.js';
import type { PatchPath } from '../path/patch-path.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import type { ResourceType } from '../schema/definition.js';
import { removeAttribute, removePart, setAttribute, setPart } from './change-attribute.js';
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
    remove(context, path);
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
      requireWritable({
        ...path.target,
        ...(path.subAttribute === undefined ? {} : { subAttribute: path.subAttribute }),
      });
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
  if (!attribute.multiValued) {
    return subAttribute === undefined ? setAttribute(context, target, value) : setPart(context, target, value);
  }
  if (subAttribute !== undefined) {
    return writeAllParts(context, target, subAttribute, value);
  }
  return op === 'add' ? addElements(context, target, value) : replaceElements(context, target, value);
}

function remove(context: ChangeContext, path: PatchPath): void {
  switch (path.kind) {
    case 'unknown':
      return;
    case 'resource':
      throw ScimError.noTarget('The operation remove needs a path.');
    case 'extension':
      return context.draft.removeExtension(path.schema.id);
    case 'attribute':
      requireWritable(path.target);
      return removeTarget(context, path.target);
    case 'elements':
      requireWritable({
        ...path.target,
        ...(path.subAttribute === undefined ? {} : { subAttribute: path.subAttribute }),
      });
      return path.subAttribute === undefined
        ? removeElements(context, path)
        : removeElementParts(context, path, path.subAttribute);
    default:
      return assertNever(path);
  }
}

function removeTarget(context: ChangeContext, target: AttributeTarget): void {
  const { attribute, subAttribute } = target;
  if (subAttribute === undefined) {
    return removeAttribute(context, target);
  }
  return attribute.multiValued ? removeAllParts(context, target, subAttribute) : removePart(context, target);
}
