import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import {
  type ListResponse,
  listResponse,
  renderResourceType,
  renderSchema,
  type SchemaDefinition,
  ScimError,
  serviceProviderConfig,
} from '@cleanmail/scim';
import { pageLimits } from '@cleanmail/scim-http';
import { resourceTypesOf } from '@cleanmail/tenants';
import { Inject, Injectable } from '@nestjs/common';
import { bulkLimits } from './bulk-limits.js';
import type { ScimCall } from './scim-call.js';
import { ScimUrls } from './scim-urls.js';

/** A discovery document. */
export type Document = Readonly<Record<string, unknown>>;

/** What the service says of itself, from the very schema objects that requests are checked against. */
@Injectable()
export class DiscoveryEndpoint {
  constructor(
    private readonly urls: ScimUrls,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  serviceProviderConfig(call: ScimCall): Document {
    const { defaultCount, maxCount } = pageLimits;
    return serviceProviderConfig({
      baseUrl: this.urls.baseUrl(call),
      maxResults: maxCount,
      bulk: bulkLimits,
      etag: true,
      sort: true,
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: defaultCount,
        maxPageSize: maxCount,
        cursorTimeout: this.configuration.cursorTimeoutSeconds,
      },
    });
  }

  resourceTypes(call: ScimCall): ListResponse<Document> {
    const baseUrl = this.urls.baseUrl(call);
    return whole(resourceTypesOf(call.principal.profile).map((type) => renderResourceType(type, baseUrl)));
  }

  /** @throws ScimError not found */
  resourceType(call: ScimCall, id: string): Document {
    const type = resourceTypesOf(call.principal.profile).find((candidate) => candidate.id === id);
    if (type === undefined) {
      throw ScimError.notFound(`There is no resource type ${id}.`);
    }
    return renderResourceType(type, this.urls.baseUrl(call));
  }

  schemas(call: ScimCall): ListResponse<Document> {
    return whole(schemasOf(call).map((schema) => renderSchema(schema, this.urls.baseUrl(call))));
  }

  /** @throws ScimError not found */
  schema(call: ScimCall, id: string): Document {
    const schema = schemasOf(call).find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
    if (schema === undefined) {
      throw ScimError.notFound(`There is no schema ${id}.`);
    }
    return renderSchema(schema, this.urls.baseUrl(call));
  }
}

function schemasOf({ principal }: ScimCall): readonly SchemaDefinition[] {
  const types = resourceTypesOf(principal.profile);
  return [
    ...types.map(({ schema }) => schema),
    ...types.flatMap(({ extensions }) => extensions.map(({ schema }) => schema)),
  ];
}

function whole(resources: readonly Document[]): ListResponse<Document> {
  return listResponse({ totalResults: resources.length, startIndex: 1, resources });
}
