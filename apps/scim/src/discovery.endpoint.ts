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
import { Injectable } from '@nestjs/common';
import type { ScimCall } from './scim-call.js';
import { ScimUrls } from './scim-urls.js';

/** A discovery document. */
export type Document = Readonly<Record<string, unknown>>;

/** What the service says of itself, from the very schema objects that requests are checked against. */
@Injectable()
export class DiscoveryEndpoint {
  constructor(private readonly urls: ScimUrls) {}

  serviceProviderConfig(call: ScimCall): Document {
    return serviceProviderConfig({ baseUrl: this.urls.baseUrl(call), maxResults: pageLimits.maxCount, etag: true });
  }

  resourceTypes(call: ScimCall): ListResponse<Document> {
    return whole([renderResourceType(call.principal.profile.userType, this.urls.baseUrl(call))]);
  }

  /** @throws ScimError not found */
  resourceType(call: ScimCall, id: string): Document {
    const { userType } = call.principal.profile;
    if (userType.id !== id) {
      throw ScimError.notFound(`There is no resource type ${id}.`);
    }
    return renderResourceType(userType, this.urls.baseUrl(call));
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
  const { schema, extensions } = principal.profile.userType;
  return [schema, ...extensions.map((extension) => extension.schema)];
}

function whole(resources: readonly Document[]): ListResponse<Document> {
  return listResponse({ totalResults: resources.length, startIndex: 1, resources });
}
