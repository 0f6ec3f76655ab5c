import { equalNames } from '../attribute-name.js';
import type { AttributeDefinition, ResourceType, SchemaDefinition } from '../definition.js';
import { SCHEMA_URNS } from '../schema-urns.js';
import { SiblingNames, TakenNames } from './attribute-names.js';
import { DocumentReader } from './document-reader.js';
import { checkUrn, LONGEST_URN } from './extension-urn.js';
import { ATTRIBUTE_MEMBERS, LONGEST_DESCRIPTION, readTraits } from './read-attribute.js';
import { SchemaIssues } from './schema-issues.js';

/** How large the schema of an extension may be; `characters` of its document as JSON. */
export const EXTENSION_LIMITS = { characters: 65_536, attributes: 100, subAttributes: 50, name: 255 } as const;

/** What a schema is to be an extension of. */
export interface ExtensionHome {
  /** The resource type without the extension itself. */
  readonly resourceType: ResourceType;
  /** The URNs of all other schemas, also of other resource types. */
  readonly otherUrns: readonly string[];
}

/** Schema, attributes, attribute, subAttributes, sub-attribute, canonicalValues; with some room for `meta`. */
const DEEPEST = 8;
const MEMBERS = ['schemas', 'id', 'name', 'description', 'attributes', 'meta'];

/**
 * Reads the document of an extension schema (RFC 7643 section 7), with the defaults of section 2.2 for what it leaves
 * out; `meta`, which /Schemas shows, is ignored, every other unknown member is an issue.
 * @throws InvalidSchemaError naming everything that is wrong with it.
 */
export function readExtension(document: unknown, home: ExtensionHome): SchemaDefinition {
  const issues = new SchemaIssues();
  const reader = DocumentReader.of(document, '', issues, MEMBERS);
  if (reader === undefined || isTooLarge(document, issues)) {
    issues.throwIfInvalid();
  }
  const schema = reader === undefined ? undefined : readSchema(reader, home);
  issues.throwIfInvalid();
  return schema ?? { id: '', name: '', description: '', attributes: [] };
}

function readSchema(reader: DocumentReader, { resourceType, otherUrns }: ExtensionHome): SchemaDefinition {
  checkSchemas(reader);
  const id = reader.text('id', LONGEST_URN) ?? '';
  checkUrn(id, otherUrns, reader.issues);
  const name = reader.text('name', EXTENSION_LIMITS.name) ?? '';
  const taken = new TakenNames(resourceType);
  return {
    id,
    name: name === '' ? (id.split(':').at(-1) ?? id) : name,
    description: reader.text('description', LONGEST_DESCRIPTION) ?? '',
    attributes: readAttributes(reader, 'attributes', EXTENSION_LIMITS.attributes, (attribute) =>
      readAttribute(attribute, taken),
    ),
  };
}

function checkSchemas(reader: DocumentReader): void {
  const urns = reader.list('schemas');
  if (urns?.some((urn) => typeof urn === 'string' && equalNames(urn, SCHEMA_URNS.schema)) === false) {
    reader.add('schemas', `must name ${SCHEMA_URNS.schema}`);
  }
}

function readAttributes(
  reader: DocumentReader,
  member: string,
  most: number,
  read: (attribute: DocumentReader) => AttributeDefinition,
): readonly AttributeDefinition[] {
  const value = reader.get(member);
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (list.length === 0) {
    reader.add(member, 'must be a list of at least one attribute');
  }
  if (list.length > most) {
    reader.add(member, `must not be more than ${most}`);
  }
  return list.slice(0, most).flatMap((each, index) => {
    const attribute = DocumentReader.of(each, `${reader.at(member)}[${index}]`, reader.issues, ATTRIBUTE_MEMBERS);
    return attribute === undefined ? [] : [read(attribute)];
  });
}

function readAttribute(reader: DocumentReader, taken: TakenNames): AttributeDefinition {
  const attribute = readTraits(reader, { isSub: false });
  addProblem(reader, 'name', taken.take(attribute.name));
  if (attribute.type !== 'complex') {
    refuseSubAttributes(reader);
    return attribute;
  }
  const siblings = new SiblingNames();
  const subAttributes = readAttributes(reader, 'subAttributes', EXTENSION_LIMITS.subAttributes, (sub) =>
    readSubAttribute(sub, siblings),
  );
  return { ...attribute, subAttributes };
}

function readSubAttribute(reader: DocumentReader, siblings: SiblingNames): AttributeDefinition {
  const attribute = readTraits(reader, { isSub: true });
  addProblem(reader, 'name', siblings.take(attribute.name));
  if (attribute.type === 'complex') {
    reader.add('type', 'must not be complex: a complex attribute is made of simple ones (RFC 7643 section 2.3.8)');
  } else {
    refuseSubAttributes(reader);
  }
  return attribute;
}

function refuseSubAttributes(reader: DocumentReader): void {
  if ((reader.list('subAttributes') ?? []).length > 0) {
    reader.add('subAttributes', 'can be given for the type complex only');
  }
}

function addProblem(reader: DocumentReader, member: string, problem: string | undefined): void {
  if (problem !== undefined) {
    reader.add(member, problem);
  }
}

function isTooLarge(document: unknown, issues: SchemaIssues): boolean {
  if (isDeeper(document, DEEPEST)) {
    issues.add('schema', 'must not be nested deeper than the schema of a schema is');
    return true;
  }
  const isLarge = JSON.stringify(document).length > EXTENSION_LIMITS.characters;
  if (isLarge) {
    issues.add('schema', `must not be longer than ${EXTENSION_LIMITS.characters} characters of JSON`);
  }
  return isLarge;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}
