import { equalNames } from '../schema/attribute-name.js';

/** An own member of a message, whose names are read without regard to case. */
export function member(message: Readonly<Record<string, unknown>>, name: string): unknown {
  const key = Object.hasOwn(message, name) ? name : Object.keys(message).find((other) => equalNames(other, name));
  return key === undefined ? undefined : message[key];
}
