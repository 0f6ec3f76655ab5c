export { enterpriseSchema, userSchema } from '../simulate/attributes.js';

/** URN of the core Group schema. */
export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
/** URNs of the documents that describe a server (RFC 7643 sections 5 to 7). */
export const discoverySchemas = {
  serviceProviderConfig: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
} as const;
/** URNs of the messages of RFC 7644. */
export const messageSchemas = {
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  search: 'urn:ietf:params:scim:api:messages:2.0:SearchRequest',
  bulkRequest: 'urn:ietf:params:scim:api:messages:2.0:BulkRequest',
  bulkResponse: 'urn:ietf:params:scim:api:messages:2.0:BulkResponse',
} as const;
