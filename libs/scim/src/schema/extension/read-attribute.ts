import { normaliseDateTime } from '../date-time.js';
import type { AttributeDefinition, AttributeType, Mutability, Returned } from '../definition.js';
import { type DocumentReader, textProblem } from './document-reader.js';
import { nameProblem } from './attribute-names.js';

/** The longest description of a schema or an attribute, in characters. */
export const LONGEST_DESCRIPTION = 4096;

/** The members of an attribute, as RFC 7643 section 7 has them. */
export const ATTRIBUTE_MEMBERS = [
  'name', 'type', 'subAttributes', 'multiValued', 'description', 'required', 'canonicalValues', 'caseExact',
  'mutability', 'returned', 'uniqueness', 'referenceTypes',
] as const; // prettier-ignore

const TYPES: readonly AttributeType[] = [
  'string', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'binary', 'complex',
]; // prettier-ignore
const MUTABILITIES: readonly Mutability[] = ['readOnly', 'readWrite', 'immutable', 'writeOnly'];
const RETURNED: readonly Returned[] = ['always', 'never', 'default', 'request'];
const REFERENCE_TYPES = ['User', 'Group', 'external', 'uri'];
const LONGEST_CANONICAL = 512;

/** Where an attribute stands: what rules apply to it alone. */
export interface AttributePlace {
  readonly isSub: boolean;
}

/**
 * Reads the traits of an attribute with the defaults of RFC 7643 section 2.2; `subAttributes` is left to the caller.
 * References and binaries are case-exact unless the document says otherwise (sections 2.3.6 and 2.3.7).
 */
export function readTraits(reader: DocumentReader, place: AttributePlace): AttributeDefinition {
  const type = reader.oneOf('type', TYPES, 'string');
  const canonicalValues = readCanonicalValues(reader, type);
  const referenceTypes = readReferenceTypes(reader, type);
  const attribute: AttributeDefinition = {
    name: readName(reader, place),
    type,
    multiValued: reader.boolean('multiValued', false),
    description: reader.text('description', LONGEST_DESCRIPTION) ?? '',
    required: reader.boolean('required', false),
    caseExact: reader.boolean('caseExact', type === 'reference' || type === 'binary'),
    mutability: reader.oneOf('mutability', MUTABILITIES, 'readWrite'),
    returned: reader.oneOf('returned', RETURNED, 'default'),
    uniqueness: reader.oneOf('uniqueness', ['none', 'server', 'global'], 'none'),
    ...(canonicalValues === undefined ? {} : { canonicalValues }),
    ...(referenceTypes === undefined ? {} : { referenceTypes }),
  };
  checkTogether(reader, attribute, place);
  return attribute;
}

function readName(reader: DocumentReader, { isSub }: AttributePlace): string {
  const name = reader.get('name');
  const problem = typeof name === 'string' ? nameProblem(name, isSub) : 'must be the name of the attribute';
  if (problem !== undefined) {
    reader.add('name', problem);
  }
  return typeof name === 'string' ? name : '';
}

/** Traits that contradict each other, or promise what this server cannot hold. */
function checkTogether(
  reader: DocumentReader,
  { mutability, returned, required, uniqueness, multiValued }: AttributeDefinition,
  { isSub }: AttributePlace,
): void {
  if (mutability === 'writeOnly' && returned !== 'never') {
    reader.add('returned', 'must be never for a writeOnly attribute: its values are checked, and not kept');
  }
  if (mutability === 'writeOnly' && required) {
    reader.add('required', 'must be false for a writeOnly attribute: its values are not kept, so it is always missing');
  }
  if (mutability === 'readOnly' && required) {
    reader.add('required', 'must be false for a readOnly attribute: no client can give it a value');
  }
  if (uniqueness !== 'none') {
    reader.add('uniqueness', 'must be none: attributes of extensions have no unique index that could enforce more');
  }
  if (isSub && multiValued) {
    reader.add('multiValued', 'must be false for a sub-attribute; make its values an attribute of the schema');
  }
}

function readCanonicalValues(reader: DocumentReader, type: AttributeType): readonly string[] | undefined {
  const values = reader.list('canonicalValues');
  if (values === undefined || values.length === 0) {
    return undefined;
  }
  if (!['string', 'reference', 'binary', 'dateTime'].includes(type)) {
    reader.add('canonicalValues', `cannot be given for the type ${type}: they are strings (RFC 7643 section 7)`);
    return undefined;
  }
  const texts = readTexts(reader, 'canonicalValues', values);
  if (type === 'dateTime' && texts.some((text) => normaliseDateTime(text) === undefined)) {
    reader.add('canonicalValues', 'must be dates and times such as 2011-05-13T04:42:34Z, as the type says');
  }
  return texts;
}

function readReferenceTypes(reader: DocumentReader, type: AttributeType): readonly string[] | undefined {
  const values = reader.list('referenceTypes') ?? [];
  if (type !== 'reference') {
    if (values.length > 0) {
      reader.add('referenceTypes', 'can be given for the type reference only');
    }
    return undefined;
  }
  if (values.length === 0) {
    reader.add('referenceTypes', 'must say what the reference may point to, e.g. ["external"]');
  }
  const texts = readTexts(reader, 'referenceTypes', values);
  if (texts.some((text) => !REFERENCE_TYPES.includes(text))) {
    reader.add('referenceTypes', `must be of ${REFERENCE_TYPES.join(', ')}`);
  }
  return texts;
}

function readTexts(reader: DocumentReader, member: string, values: readonly unknown[]): readonly string[] {
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length < values.length) {
    reader.add(member, 'must be strings');
  } else if (texts.some((text) => text === '' || textProblem(text, LONGEST_CANONICAL) !== undefined)) {
    reader.add(member, `must be texts of 1 to ${LONGEST_CANONICAL} characters`);
  } else if (new Set(texts).size < texts.length) {
    reader.add(member, 'must not be repeated');
  }
  return texts;
}
