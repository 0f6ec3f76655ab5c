export { ScimError } from './errors/scim-error.js';
export type { ScimType } from './errors/scim-error.js';
export { errorMessage } from './errors/error-message.js';
export type { ErrorMessage } from './errors/error-message.js';

export type {
  AttributeDefinition,
  AttributeType,
  Mutability,
  ResourceType,
  Returned,
  SchemaExtension,
  SchemaDefinition,
} from './schema/definition.js';
export { SCHEMA_URNS } from './schema/schema-urns.js';
export { commonAttributes } from './schema/common-attributes.js';
export { userSchema } from './schema/user-schema.js';
export { enterpriseUserSchema } from './schema/enterprise-user-schema.js';
export { groupSchema } from './schema/group-schema.js';
export { serviceProviderConfigSchema } from './schema/service-provider-config-schema.js';
export { resourceTypeSchema } from './schema/resource-type-schema.js';
export { schemaSchema } from './schema/schema-schema.js';
export { groupResourceType, userResourceType } from './schema/resource-types.js';
export { withAttribute } from './schema/derive.js';
export { checkCompatible } from './schema/extension/check-compatible.js';
export { urnKey } from './schema/extension/extension-urn.js';
export { EXTENSION_LIMITS, readExtension } from './schema/extension/read-extension.js';
export type { ExtensionHome } from './schema/extension/read-extension.js';
export { IncompatibleSchemaError, InvalidSchemaError } from './schema/extension/schema-issues.js';
export type { SchemaIssue } from './schema/extension/schema-issues.js';
export { renderResourceType, renderSchema } from './schema/render.js';
export { resolveAttribute, targetName } from './schema/attribute-target.js';
export type { AttributeReference, AttributeTarget } from './schema/attribute-target.js';
export { compareCodePoints, foldCase } from './schema/fold-case.js';
export { normaliseDateTime } from './schema/date-time.js';
export { comparable } from './schema/comparable.js';
export type { Comparable } from './schema/comparable.js';

export { DEFAULT_FILTER_LIMITS } from './filter/filter.js';
export type { ComparisonOperator, Filter, FilterLimits, FilterLiteral } from './filter/filter.js';
export { parseFilter } from './filter/parse-filter.js';
export { printFilter } from './filter/print-filter.js';
export { resolveFilter } from './filter/resolve-filter.js';
export type { ResolvedComparison, ResolvedFilter, ResolvedOperator } from './filter/resolved-filter.js';
export { matches } from './filter/matches.js';

export { resolveSort } from './sort/resolve-sort.js';
export { compareResources, sortValue } from './sort/compare-resources.js';
export { sortedLength } from './sort/resolved-sort.js';
export type { ResolvedSort, SortOrder } from './sort/resolved-sort.js';

export { parsePath } from './path/parse-path.js';
export type { PatchPath } from './path/patch-path.js';

export { parsePatchRequest } from './patch/operation.js';
export type { PatchOperation } from './patch/operation.js';
export { normaliseOperations } from './patch/normalise/normalise-operations.js';
export { applyPatch, patchResource } from './patch/apply-patch.js';
export type { PatchResult } from './patch/apply-patch.js';
export { deactivates } from './patch/deactivates.js';
export { changedPaths } from './patch/changed-paths.js';
export { elementValues, planElements } from './patch/plan-elements.js';
export type { ElementChange, ElementPlan } from './patch/plan-elements.js';

export { providerDialects } from './dialect/dialect.js';
export type { DialectSign, ProviderDialect, ShownRequest } from './dialect/dialect.js';
export { dialectOf } from './dialect/dialect-of.js';

export type { ScimComplex, ScimResource, ScimValue } from './resource/resource.js';
export { readResource } from './resource/read-resource.js';
export { checkImmutable } from './resource/check-immutable.js';
export { schemasOf, storedSchemasOf } from './resource/schemas-of.js';
export { retainedExtensions } from './resource/retained.js';
export { carries, parseProjection } from './resource/projection.js';
export type { ProjectedPath, Projection } from './resource/projection.js';
export { project } from './resource/project.js';
export { searchDocument } from './resource/search-document.js';
export { equalResources } from './resource/equal-resources.js';

export { MESSAGE_URNS } from './messages/message-urns.js';
export { listResponse } from './messages/list-response.js';
export type { ListPage, ListResponse } from './messages/list-response.js';
export { parseListQuery } from './messages/list-query.js';
export type { ListQuery, ListQueryParameters } from './messages/list-query.js';
export type { PageLimits, Paging } from './messages/paging.js';
export { parseRootQuery } from './messages/root-query.js';
export type { RootQuery, RootQueryPart } from './messages/root-query.js';
export { parseSearchRequest } from './messages/search-request.js';
export { decodeCursor, encodeCursor, listIdentity, rootIdentity } from './messages/cursor.js';
export type { CursorPosition } from './messages/cursor.js';
export { serviceProviderConfig } from './messages/service-provider-config.js';
export type { PaginationFeatures, ServiceProviderFeatures } from './messages/service-provider-config.js';

export type { BulkOperation } from './bulk/bulk-operation.js';
export { parseBulkRequest } from './bulk/bulk-request.js';
export type { BulkLimits, BulkRequest } from './bulk/bulk-request.js';
export type { BulkOutcome, BulkResponse, BulkResult } from './bulk/bulk-response.js';
export { runBulk } from './bulk/run-bulk.js';
export type { BulkPerformer, ResolvedOperation } from './bulk/run-bulk.js';
