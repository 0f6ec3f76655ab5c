import {
  groupResourceType,
  listIdentity,
  type ListQueryParameters,
  type ListResponse,
  listResponse,
  parseListQuery,
  type ResourceType,
  ScimError,
} from '@cleanmail/scim';
import { pageLimits, type ResourceReply } from '@cleanmail/scim-http';
import { type Group, type GroupCommand, groupToScim, GroupsService } from '@cleanmail/users';
import { Injectable } from '@nestjs/common';
import { Cursors } from './cursors.js';
import { type ProjectionParameters, ResourceView, type ViewOptions } from './resource-view.js';
import { type ScimCall, writeCommand } from './scim-call.js';
import { ScimUrls } from './scim-urls.js';

/**
 * Groups as SCIM answers. Where a service has none, a query finds none, because a 404 there would put a customer's whole
 * job into quarantine (grokability/snipe-it#11913); everything else says so.
 */
@Injectable()
export class GroupsEndpoint {
  constructor(
    private readonly groups: GroupsService,
    private readonly urls: ScimUrls,
    private readonly cursors: Cursors,
  ) {}

  async create(call: ScimCall, body: unknown, parameters: ProjectionParameters): Promise<ResourceReply> {
    const groupType = call.principal.profile.groupType ?? refuseGroups();
    const view = this.view(call, groupType, parameters);
    return view.reply(await this.groups.create(call.principal.tenant, command(call, view, groupType, 201), body));
  }

  async read(call: ScimCall, id: string, parameters: ProjectionParameters): Promise<ResourceReply> {
    const view = this.view(call, requireGroupType(call), parameters);
    return view.reply(await this.groups.get(call.principal.tenant, id, { withMembers: view.shows('members') }));
  }

  async query(call: ScimCall, parameters: ListQueryParameters): Promise<ListResponse<unknown>> {
    const { groupType } = call.principal.profile;
    const query = parseListQuery(parameters, groupType ?? groupResourceType, pageLimits);
    const context = { call, identity: () => listIdentity(query, groupType ?? groupResourceType) };
    const window = this.cursors.window(query, context);
    if (groupType === undefined) {
      return listResponse({ totalResults: 0, ...this.cursors.place(window, {}, context), resources: [] });
    }
    const view = new ResourceView(this.options(call, groupType), query.projection);
    const page = { ...query, ...window, withMembers: view.shows('members') };
    const { groups, totalResults, ...neighbours } = await this.groups.list(call.principal.tenant, page);
    return view.list(groups, totalResults, this.cursors.place(window, neighbours, context));
  }

  async replace(call: ScimCall, id: string, body: unknown, parameters: ProjectionParameters): Promise<ResourceReply> {
    const groupType = requireGroupType(call);
    const view = this.view(call, groupType, parameters);
    return view.reply(await this.groups.replace(call.principal.tenant, command(call, view, groupType, 200), id, body));
  }

  /** The answer has no body, as Microsoft documents it for groups, unless the request says what it wants to see. */
  async modify(call: ScimCall, id: string, body: unknown, parameters: ProjectionParameters): Promise<ResourceReply> {
    const groupType = requireGroupType(call);
    const view = this.view(call, groupType, parameters);
    const { tenant } = call.principal;
    if (parameters.attributes === undefined && parameters.excludedAttributes === undefined) {
      const quiet = { ...writeCommand(call), groupType, status: 204 };
      return view.replyWithoutBody(await this.groups.modify(tenant, quiet, id, body));
    }
    return view.reply(await this.groups.modify(tenant, command(call, view, groupType, 200), id, body));
  }

  async delete(call: ScimCall, id: string): Promise<void> {
    const groupType = requireGroupType(call);
    await this.groups.delete(call.principal.tenant, { ...writeCommand(call), groupType, status: 204 }, id);
  }

  private view(call: ScimCall, groupType: ResourceType, parameters: ProjectionParameters): ResourceView<Group> {
    return ResourceView.parse(this.options(call, groupType), parameters);
  }

  private options(call: ScimCall, resourceType: ResourceType): ViewOptions<Group> {
    return { resourceType, baseUrl: this.urls.baseUrl(call), toScim: groupToScim };
  }
}

function command(call: ScimCall, view: ResourceView<Group>, groupType: ResourceType, status: number): GroupCommand {
  return { ...writeCommand(call), groupType, status, withMembers: view.shows('members') };
}

function refuseGroups(): never {
  throw ScimError.notImplemented('Groups are not provisioned by this service; switch the group mapping off.');
}

function requireGroupType({ principal }: ScimCall): ResourceType {
  const { groupType } = principal.profile;
  if (groupType === undefined) {
    throw ScimError.notFound('Groups are not provisioned by this service; there is no group with this id.');
  }
  return groupType;
}
