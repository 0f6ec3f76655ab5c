import { groupResourceType, listResponse, type ListQuery, type ListResponse, ScimError } from '@cleanmail/scim';
import { ScimController, ScimListQuery, ScimOperation } from '@cleanmail/scim-http';
import { scimBasePaths } from '@cleanmail/tenants';
import { All, Get, Post } from '@nestjs/common';

/**
 * `/Groups` where no groups are offered: a query finds none, because a 404 there would put a customer's whole job into
 * quarantine (grokability/snipe-it#11913); everything else says so.
 */
@ScimController(scimBasePaths, 'Groups')
export class GroupsController {
  @Get()
  @ScimOperation('query', 'Group')
  query(@ScimListQuery(groupResourceType) { startIndex }: ListQuery): ListResponse<never> {
    return listResponse({ totalResults: 0, startIndex, resources: [] });
  }

  @Post()
  @ScimOperation('create', 'Group')
  create(): never {
    throw ScimError.notImplemented('Groups are not provisioned by this service; switch the group mapping off.');
  }

  @All(':id')
  @ScimOperation('read', 'Group')
  other(): never {
    throw ScimError.notFound('Groups are not provisioned by this service; there is no group with this id.');
  }
}
