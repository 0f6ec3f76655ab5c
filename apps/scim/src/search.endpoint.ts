import {
  type ListQueryParameters,
  type ListResponse,
  listResponse,
  parseRootQuery,
  type ResourceType,
  rootIdentity,
  type RootQuery,
  type RootQueryPart,
} from '@cleanmail/scim';
import { pageLimits } from '@cleanmail/scim-http';
import { resourceTypesOf } from '@cleanmail/tenants';
import { type Group, groupToScim, ResourceSearch, type SearchPart, toScim, type User } from '@cleanmail/users';
import { Injectable } from '@nestjs/common';
import { Cursors } from './cursors.js';
import { ResourceView, type ViewOptions } from './resource-view.js';
import type { ScimCall } from './scim-call.js';
import { ScimUrls } from './scim-urls.js';

/** A type that takes part in a query, and how its resources are shown. */
interface TypeView<T extends User | Group> {
  readonly part: SearchPart;
  readonly view: ResourceView<T>;
}

/** Queries over all types of resources that a service has, as one list. */
@Injectable()
export class SearchEndpoint {
  constructor(
    private readonly resources: ResourceSearch,
    private readonly urls: ScimUrls,
    private readonly cursors: Cursors,
  ) {}

  async query(call: ScimCall, parameters: ListQueryParameters): Promise<ListResponse<unknown>> {
    const { profile, tenant } = call.principal;
    const query = parseRootQuery(parameters, resourceTypesOf(profile), pageLimits);
    const context = { call, identity: () => rootIdentity(query) };
    const window = this.cursors.window(query, context);
    const users = this.typeView<User>(call, query, profile.userType, toScim);
    const groups = this.typeView<Group>(call, query, profile.groupType, groupToScim);
    const withGroups = profile.groupType !== undefined && users?.view.shows('groups') === true;
    const withMembers = groups?.view.shows('members') === true;
    const { found, totalResults, ...neighbours } = await this.resources.list(tenant, {
      ...window,
      ...(query.order === undefined ? {} : { order: query.order }),
      ...(users === undefined ? {} : { users: { ...users.part, withGroups } }),
      ...(groups === undefined ? {} : { groups: { ...groups.part, withMembers } }),
    });
    const place = this.cursors.place(window, neighbours, context);
    const resources = found.map((one) =>
      'user' in one ? users?.view.render(one.user) : groups?.view.render(one.group),
    );
    return listResponse({ totalResults, ...place, resources });
  }

  private typeView<T extends User | Group>(
    call: ScimCall,
    { parts }: RootQuery,
    resourceType: ResourceType | undefined,
    render: ViewOptions<T>['toScim'],
  ): TypeView<T> | undefined {
    const part = parts.find((one: RootQueryPart) => one.resourceType === resourceType);
    if (part === undefined) {
      return undefined;
    }
    const options = { resourceType: part.resourceType, baseUrl: this.urls.baseUrl(call), toScim: render };
    return { part, view: new ResourceView(options, part.projection) };
  }
}
