import { ScimError } from '../errors/scim-error.js';
import { sameValue } from '../resource/element-identity.js';
import { equalValues } from '../resource/equal-resources.js';
import type { Issues } from '../resource/issues.js';
import type { ScimComplex, ScimValue } from '../resource/resource.js';
import { isComplex, own } from '../resource/resource.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import { targetName } from '../schema/attribute-target.js';
import type { AttributeDefinition } from '../schema/definition.js';
import type { Draft } from './draft.js';

/**
 * What an operation works on: the draft, the issues that the values of all operations have, and the required attributes
 * that an operation removed.
 */
export interface ChangeContext {
  readonly draft: Draft;
  readonly issues: Issues;
  readonly removed: Set<AttributeTarget>;
}

/** Refuses a target that clients may not write (RFC 7643 section 7, readOnly). */
export function requireWritable(target: AttributeTarget): void {
  const isReadOnly = (attribute?: AttributeDefinition): boolean => attribute?.mutability === 'readOnly';
  if (isReadOnly(target.attribute) || isReadOnly(target.subAttribute)) {
    throw ScimError.mutability(`${targetName(target)} is read-only.`);
  }
}

/**
 * Refuses to have removed what is required (RFC 7644 section 3.5.2.2). Asked when all operations are applied: what was
 * removed may have been added again.
 */
export function requireRequired({ draft, removed }: ChangeContext): void {
  for (const target of removed) {
    if (draft.get(target) === undefined) {
      throw ScimError.mutability(`${targetName(target)} is required and cannot be removed.`);
    }
  }
}

/** Refuses to change or remove an immutable value that is set; setting it for the first time is allowed. */
export function requireMutable(
  before: ScimValue | undefined,
  after: ScimValue | undefined,
  attribute: AttributeDefinition,
  name: string,
): void {
  if (attribute.mutability !== 'immutable' || before === undefined) {
    return;
  }
  if (!equalValues(before, after) && !sameValue(before, after, attribute)) {
    throw ScimError.mutability(`${name} is immutable and already set.`);
  }
}

/** Refuses a complex value that differs in one of its immutable sub-attributes; those not named in `after` count. */
export function requireMutableParts(
  before: ScimComplex,
  after: ScimComplex,
  attribute: AttributeDefinition,
  name: string,
): void {
  for (const sub of attribute.subAttributes ?? []) {
    requireMutable(own(before, sub.name), own(after, sub.name), sub, `${name}.${sub.name}`);
  }
}

/** The value with other sub-attributes over it; a `$ref` that belonged to another `value` goes. */
export function mergeComplex(before: ScimValue | undefined, changes: ScimComplex): ScimComplex {
  if (!isComplex(before)) {
    return changes;
  }
  const merged: Record<string, ScimValue> = { ...before, ...changes };
  const isOtherValue = Object.hasOwn(changes, 'value') && own(changes, 'value') !== own(before, 'value');
  if (isOtherValue && !Object.hasOwn(changes, '$ref')) {
    delete merged['$ref'];
  }
  return merged;
}

/**
 * The value without one sub-attribute. Undefined when nothing is left that says anything: its `value` was taken away,
 * or only `type` and `primary` remain.
 */
export function withoutPart(before: ScimComplex, name: string): ScimComplex | undefined {
  const rest: Record<string, ScimValue> = { ...before };
  delete rest[name];
  const saysSomething = Object.keys(rest).some((key) => key !== 'type' && key !== 'primary');
  return name !== 'value' && saysSomething ? rest : undefined;
}
