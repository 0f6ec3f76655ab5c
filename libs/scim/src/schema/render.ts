import type { AttributeDefinition, ResourceType, SchemaDefinition } from './definition.js';
import { SCHEMA_URNS } from './schema-urns.js';

/** The /Schemas document of a schema (RFC 7643 section 7); `baseUrl` has no trailing slash. */
export function renderSchema(schema: SchemaDefinition, baseUrl: string): Readonly<Record<string, unknown>> {
  return {
    schemas: [SCHEMA_URNS.schema],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(renderAttribute),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

/** The /ResourceTypes document of a resource type (RFC 7643 section 6); `baseUrl` has no trailing slash. */
export function renderResourceType(type: ResourceType, baseUrl: string): Readonly<Record<string, unknown>> {
  return {
    schemas: [SCHEMA_URNS.resourceType],
    id: type.id,
    name: type.name,
    endpoint: type.endpoint,
    description: type.description,
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ schema, required }) => ({ schema: schema.id, required })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${type.id}` },
  };
}

function renderAttribute(attribute: AttributeDefinition): Readonly<Record<string, unknown>> {
  const { name, type, multiValued, description, required, caseExact, mutability, returned, uniqueness } = attribute;
  return {
    name,
    type,
    multiValued,
    description,
    required,
    caseExact,
    mutability,
    returned,
    uniqueness,
    ...(attribute.canonicalValues === undefined ? {} : { canonicalValues: attribute.canonicalValues }),
    ...(attribute.referenceTypes === undefined ? {} : { referenceTypes: attribute.referenceTypes }),
    ...(attribute.subAttributes === undefined ? {} : { subAttributes: attribute.subAttributes.map(renderAttribute) }),
  };
}
