import { groupResourceType } from '@cleanmail/scim';
import { ScimController } from '@cleanmail/scim-http';
import { scimBasePaths } from '@cleanmail/tenants';
import { GroupsEndpoint } from './groups.endpoint.js';
import { ResourceController } from './resource.controller.js';

/** `/Groups` (RFC 7644 section 3.2), on every profile. */
@ScimController(scimBasePaths, 'Groups')
export class GroupsController extends ResourceController(groupResourceType) {
  constructor(override readonly endpoint: GroupsEndpoint) {
    super();
  }
}
