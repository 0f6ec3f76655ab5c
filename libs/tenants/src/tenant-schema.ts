import type { SchemaDefinition, SchemaIssue } from '@cleanmail/scim';

/** The resource types that a tenant can extend, by their names. */
export const extensibleTypes = ['User', 'Group'] as const;

/** The name of a resource type that can be extended. */
export type ExtensibleType = (typeof extensibleTypes)[number];

/** An extension schema that a tenant has for one of its resource types. Times are milliseconds since 1970, UTC. */
export interface TenantSchema {
  readonly resourceType: ExtensibleType;
  /** Whether every resource that is created or replaced must carry it. */
  readonly required: boolean;
  readonly schema: SchemaDefinition;
  /** Since when it is no longer accepted and shown; null while it is. Values stored under it stay. */
  readonly retiredAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What support staff register; `document` is JSON as it came (RFC 7643 section 7). */
export interface SchemaRequest {
  readonly resourceType: ExtensibleType;
  readonly required: boolean;
  readonly document: unknown;
}

/** How many schemas a tenant may have at once. */
export const mostSchemas = 20;

/** The tenant has no schema with this URN. */
export class SchemaNotFoundError extends Error {
  override readonly name = SchemaNotFoundError.name;
  readonly code = 'schema_not_found';

  constructor(urn: string) {
    super(`The tenant has no schema with the URN ${urn}.`);
  }
}

/** The URN is registered already, or was registered for something else; the message says what would do. */
export class SchemaInUseError extends Error {
  override readonly name = SchemaInUseError.name;
  readonly code = 'schema_in_use';
}

/** The tenant has as many schemas as one may have. */
export class TooManySchemasError extends Error {
  override readonly name = TooManySchemasError.name;
  readonly code = 'too_many_schemas';

  constructor() {
    super(`A tenant may have ${mostSchemas} schemas; remove one, or add the attributes to one that is there.`);
  }
}

/** The service of the tenant has no resources of the type. */
export class ResourceTypeNotOfferedError extends Error {
  override readonly name = ResourceTypeNotOfferedError.name;
  readonly code = 'invalid_schema';
  readonly issues: readonly SchemaIssue[];

  constructor(resourceType: ExtensibleType, profile: string) {
    const problem = `${resourceType} is not offered by the profile ${profile}; register the schema for User`;
    super(`resourceType ${problem}.`);
    this.issues = [{ path: 'resourceType', problem }];
  }
}
