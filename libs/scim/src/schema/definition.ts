/** The data types of RFC 7643 section 2.3. */
export type AttributeType =
  'string' | 'boolean' | 'decimal' | 'integer' | 'dateTime' | 'reference' | 'binary' | 'complex';

/** Who may write an attribute, and when (RFC 7643 section 7). */
export type Mutability = 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';

/** When an attribute is part of an answer (RFC 7643 section 7). */
export type Returned = 'always' | 'never' | 'default' | 'request';

/**
 * One attribute of a schema (RFC 7643 section 7). `maxLength` (UTF-16 code units of a string), `maxElements` (of a
 * multi-valued attribute) and `singleLine` (no control characters at all) are rules of this server and are not
 * rendered in /Schemas.
 */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: Mutability;
  readonly returned: Returned;
  readonly uniqueness: 'none' | 'server' | 'global';
  readonly subAttributes?: readonly AttributeDefinition[];
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly maxLength?: number;
  readonly maxElements?: number;
  readonly singleLine?: boolean;
}

/** A schema: the attributes that a URN stands for. */
export interface SchemaDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly AttributeDefinition[];
}

/** An extension of a resource type; a required one must be carried by every resource that is created or replaced. */
export interface SchemaExtension {
  readonly schema: SchemaDefinition;
  readonly required: boolean;
}

/**
 * A kind of resource: its endpoint, its core schema and the extensions it may carry (RFC 7643 section 6). What is stored
 * under a retired extension stays stored and comparable, and is neither accepted nor shown.
 */
export interface ResourceType {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly description: string;
  readonly schema: SchemaDefinition;
  readonly extensions: readonly SchemaExtension[];
  readonly retiredExtensions?: readonly SchemaDefinition[];
}
