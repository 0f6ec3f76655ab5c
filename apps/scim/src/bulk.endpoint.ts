import { Database } from '@cleanmail/database';
import { ProvisioningLog } from '@cleanmail/journal';
import { type BulkResponse, groupResourceType, parseBulkRequest, runBulk, userResourceType } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { BulkCall } from './bulk-call.js';
import { bulkLimits } from './bulk-limits.js';
import { GroupsEndpoint } from './groups.endpoint.js';
import type { ScimCall } from './scim-call.js';
import { ScimUrls } from './scim-urls.js';
import { UsersEndpoint } from './users.endpoint.js';

/** Bulk requests: every operation goes the way of a single request, in a transaction and with a log entry of its own. */
@Injectable()
export class BulkEndpoint {
  private readonly targets;

  constructor(
    users: UsersEndpoint,
    groups: GroupsEndpoint,
    private readonly urls: ScimUrls,
    private readonly log: ProvisioningLog,
    private readonly database: Database,
  ) {
    this.targets = [
      { resourceType: userResourceType, endpoint: users },
      { resourceType: groupResourceType, endpoint: groups },
    ];
  }

  /** @throws ScimError for a message that is no bulk request, or a larger one than is taken. */
  async perform(call: ScimCall, body: unknown): Promise<BulkResponse> {
    const request = parseBulkRequest(body, bulkLimits);
    const baseUrl = this.urls.baseUrl(call);
    return runBulk(
      request,
      new BulkCall(call, { targets: this.targets, baseUrl, log: this.log, database: this.database }),
    );
  }
}
