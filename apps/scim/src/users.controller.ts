import { userResourceType } from '@cleanmail/scim';
import { ScimController } from '@cleanmail/scim-http';
import { scimBasePaths } from '@cleanmail/tenants';
import { ResourceController } from './resource.controller.js';
import { UsersEndpoint } from './users.endpoint.js';

/** `/Users` (RFC 7644 section 3.2). */
@ScimController(scimBasePaths, 'Users')
export class UsersController extends ResourceController(userResourceType) {
  constructor(override readonly endpoint: UsersEndpoint) {
    super();
  }
}
