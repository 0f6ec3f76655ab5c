import { asciiLowerCase } from '../attribute-name.js';
import { coreAttributes } from '../attribute-target.js';
import type { ResourceType } from '../definition.js';
import { isAlphanumeric, isLetter } from './extension-urn.js';

const LONGEST_NAME = 128;
/** Words of the filter language (RFC 7644 section 3.4.2.2), which a bare name would be taken for. */
const FILTER_WORDS = new Set(['and', 'or', 'not']);
/** What every object of JavaScript inherits, here and at clients. */
const INHERITED = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype'].map(asciiLowerCase));

/** What is wrong with an attribute's name by itself (RFC 7643 section 2.1); `$ref` is a sub-attribute's name. */
export function nameProblem(name: string, isSub: boolean): string | undefined {
  if (isSub && name === '$ref') {
    return undefined;
  }
  const lower = asciiLowerCase(name);
  if (INHERITED.has(lower)) {
    return 'is the name of what every object has in many languages; take another';
  }
  if (FILTER_WORDS.has(lower)) {
    return 'is a word of the filter language; take another';
  }
  if (name.length > LONGEST_NAME) {
    return `must not be longer than ${LONGEST_NAME} characters`;
  }
  const [first = '', ...rest] = name;
  const isName = isLetter(first) && rest.every((character) => isAlphanumeric(character) || '-_$'.includes(character));
  return isName ? undefined : 'must be a letter followed by letters, digits, - or _ (RFC 7643 section 2.1)';
}

/**
 * Says whose name an attribute of an extension would repeat. Entra addresses attributes by their bare names, so a name
 * means one attribute of a resource type.
 */
export class TakenNames {
  private readonly owners = new Map<string, string>();

  /** The names of a resource type as it is without the extension in question. */
  constructor(resourceType: ResourceType) {
    for (const { schema } of resourceType.extensions) {
      for (const { name } of schema.attributes) {
        this.owners.set(asciiLowerCase(name), `is the name of an attribute of ${schema.id} already`);
      }
    }
    for (const { name } of coreAttributes(resourceType)) {
      this.owners.set(asciiLowerCase(name), `redefines a core attribute of ${resourceType.name}`);
    }
  }

  /** Takes a name; answers what is wrong with that, if anything. */
  take(name: string): string | undefined {
    const key = asciiLowerCase(name);
    const owner = this.owners.get(key);
    this.owners.set(key, owner ?? 'is the name of two attributes; case does not count');
    return owner;
  }
}

/** Names of the sub-attributes of one attribute. */
export class SiblingNames {
  private readonly names = new Set<string>();

  /** Takes a name; answers what is wrong with that, if anything. */
  take(name: string): string | undefined {
    const key = asciiLowerCase(name);
    const isRepeated = this.names.has(key);
    this.names.add(key);
    return isRepeated ? 'is the name of two attributes; case does not count' : undefined;
  }
}
