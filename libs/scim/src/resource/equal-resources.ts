import { compareCodePoints } from '../schema/fold-case.js';
import type { ScimComplex, ScimResource, ScimValue } from './resource.js';
import { isComplex, isList, own } from './resource.js';

/** Whether two resources say the same: neither the order of members nor that of list elements matters. */
export function equalResources(a: ScimResource, b: ScimResource): boolean {
  return equalValues(a, b);
}

/** Whether two values say the same, as in equalResources; texts are compared exactly. */
export function equalValues(a: ScimValue | undefined, b: ScimValue | undefined): boolean {
  if (a === b) {
    return true;
  }
  if (isList(a) && isList(b)) {
    return equalLists(a, b);
  }
  return isComplex(a) && isComplex(b) && equalComplex(a, b);
}

function equalComplex(a: ScimComplex, b: ScimComplex): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => equalValues(own(a, key), own(b, key)));
}

function equalLists(a: readonly ScimValue[], b: readonly ScimValue[]): boolean {
  if (a.length !== b.length) {
    return false;
  }
  if (a.every((value, index) => equalValues(value, b[index]))) {
    return true;
  }
  const counts = new Map<string, number>();
  for (const value of a) {
    const key = fingerprint(value);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return b.every((value) => {
    const key = fingerprint(value);
    const count = counts.get(key) ?? 0;
    counts.set(key, count - 1);
    return count > 0;
  });
}

/** A text that two values share exactly when they are equal. */
function fingerprint(value: ScimValue): string {
  if (isList(value)) {
    return `[${value.map(fingerprint).sort(compareCodePoints).join()}]`;
  }
  if (!isComplex(value)) {
    return JSON.stringify(value);
  }
  const members = Object.keys(value).sort(compareCodePoints);
  return `{${members.map((key) => `${JSON.stringify(key)}:${fingerprint(value[key] ?? '')}`).join()}}`;
}
