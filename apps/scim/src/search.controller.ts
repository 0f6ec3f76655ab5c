import type { ListQueryParameters, ListResponse } from '@cleanmail/scim';
import { ScimController, ScimOperation } from '@cleanmail/scim-http';
import { scimBasePaths } from '@cleanmail/tenants';
import { Get, HttpCode, Post, Query } from '@nestjs/common';
import { Call, type ScimCall } from './scim-call.js';
import { SearchParameters } from './search-parameters.decorator.js';
import { SearchEndpoint } from './search.endpoint.js';

/** Queries over all types of resources: at the base path (RFC 7644 section 3.4.2.1), and by POST (section 3.4.3). */
@ScimController(scimBasePaths, '')
export class SearchController {
  constructor(private readonly endpoint: SearchEndpoint) {}

  @Get()
  @ScimOperation('query')
  query(@Call() call: ScimCall, @Query() parameters: ListQueryParameters): Promise<ListResponse<unknown>> {
    return this.endpoint.query(call, parameters);
  }

  @Post('.search')
  @HttpCode(200)
  @ScimOperation('query')
  search(@Call() call: ScimCall, @SearchParameters() parameters: ListQueryParameters): Promise<ListResponse<unknown>> {
    return this.endpoint.query(call, parameters);
  }
}
