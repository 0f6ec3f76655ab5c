import { SCHEMA_URNS } from '../schema/schema-urns.js';

/** What the server offers beyond the obligatory; `baseUrl` has no trailing slash, `maxResults` is the largest page. */
export interface ServiceProviderFeatures {
  readonly baseUrl: string;
  readonly maxResults: number;
  readonly documentationUri?: string;
  readonly bulk?: false | { readonly maxOperations: number; readonly maxPayloadSize: number };
  readonly etag?: boolean;
  readonly sort?: boolean;
  readonly changePassword?: boolean;
  readonly pagination?: PaginationFeatures;
}

/** How pages are asked for (RFC 9865 section 4); `cursorTimeout` is how many seconds a cursor is good for. */
export interface PaginationFeatures {
  readonly cursor: boolean;
  readonly index: boolean;
  readonly defaultPaginationMethod: 'cursor' | 'index';
  readonly defaultPageSize: number;
  readonly maxPageSize: number;
  readonly cursorTimeout: number;
}

/** Renders the /ServiceProviderConfig document (RFC 7643 section 5); PATCH and filters are always supported. */
export function serviceProviderConfig(features: ServiceProviderFeatures): Readonly<Record<string, unknown>> {
  const { documentationUri, pagination } = features;
  const bulk = features.bulk === false ? undefined : features.bulk;
  return {
    schemas: [SCHEMA_URNS.serviceProviderConfig],
    ...(documentationUri === undefined ? {} : { documentationUri }),
    patch: { supported: true },
    bulk: {
      supported: bulk !== undefined,
      maxOperations: bulk?.maxOperations ?? 0,
      maxPayloadSize: bulk?.maxPayloadSize ?? 0,
    },
    filter: { supported: true, maxResults: features.maxResults },
    changePassword: { supported: features.changePassword ?? false },
    sort: { supported: features.sort ?? false },
    etag: { supported: features.etag ?? false },
    ...(pagination === undefined ? {} : { pagination }),
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'A secret token of the tenant, or an access token, in the Authorization header.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
      {
        type: 'oauth2',
        name: 'OAuth 2.0 Client Credentials',
        description:
          'A bearer token from oauth/token below the base URL, for the client id and a client secret of the tenant.',
        specUri: 'https://www.rfc-editor.org/info/rfc6749',
        primary: false,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${features.baseUrl}/ServiceProviderConfig` },
  };
}
