import type { BulkResponse } from '@cleanmail/scim';
import { ScimBody, ScimController, ScimOperation } from '@cleanmail/scim-http';
import { scimBasePaths } from '@cleanmail/tenants';
import { HttpCode, Post } from '@nestjs/common';
import { BulkEndpoint } from './bulk.endpoint.js';
import { Call, type ScimCall } from './scim-call.js';

/** `/Bulk` (RFC 7644 section 3.7). */
@ScimController(scimBasePaths, 'Bulk')
export class BulkController {
  constructor(private readonly bulk: BulkEndpoint) {}

  @Post()
  @HttpCode(200)
  @ScimOperation('bulk')
  perform(@Call() call: ScimCall, @ScimBody() body: unknown): Promise<BulkResponse> {
    return this.bulk.perform(call, body);
  }
}
