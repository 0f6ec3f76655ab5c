import { listIdentity, type ListQueryParameters, type ListResponse, parseListQuery } from '@cleanmail/scim';
import { pageLimits, type ResourceReply } from '@cleanmail/scim-http';
import { toScim, type User, type UserAnswer, type UserCommand, UsersService } from '@cleanmail/users';
import { Injectable } from '@nestjs/common';
import { Cursors } from './cursors.js';
import { type ProjectionParameters, ResourceView, type ViewOptions } from './resource-view.js';
import { type ScimCall, writeCommand } from './scim-call.js';
import { ScimUrls } from './scim-urls.js';

/** Users as SCIM answers: what the service did, rendered with the caller's URLs and projection. */
@Injectable()
export class UsersEndpoint {
  constructor(
    private readonly users: UsersService,
    private readonly urls: ScimUrls,
    private readonly cursors: Cursors,
  ) {}

  async create(call: ScimCall, body: unknown, parameters: ProjectionParameters): Promise<ResourceReply> {
    const view = this.view(call, parameters);
    return view.reply(await this.users.create(call.principal.tenant, command(call, view), body));
  }

  async read(call: ScimCall, id: string, parameters: ProjectionParameters): Promise<ResourceReply> {
    const view = this.view(call, parameters);
    return view.reply(await this.users.get(call.principal.tenant, id, answer(call, view)));
  }

  async query(call: ScimCall, parameters: ListQueryParameters): Promise<ListResponse<unknown>> {
    const { userType } = call.principal.profile;
    const query = parseListQuery(parameters, userType, pageLimits);
    const context = { call, identity: () => listIdentity(query, userType) };
    const window = this.cursors.window(query, context);
    const view = new ResourceView(this.options(call), query.projection);
    const page = { ...query, ...window, ...answer(call, view) };
    const { users, totalResults, ...neighbours } = await this.users.list(call.principal.tenant, page);
    return view.list(users, totalResults, this.cursors.place(window, neighbours, context));
  }

  async replace(call: ScimCall, id: string, body: unknown, parameters: ProjectionParameters): Promise<ResourceReply> {
    const view = this.view(call, parameters);
    return view.reply(await this.users.replace(call.principal.tenant, command(call, view), id, body));
  }

  async modify(call: ScimCall, id: string, body: unknown, parameters: ProjectionParameters): Promise<ResourceReply> {
    const view = this.view(call, parameters);
    return view.reply(await this.users.modify(call.principal.tenant, command(call, view), id, body));
  }

  async delete(call: ScimCall, id: string): Promise<void> {
    await this.users.delete(call.principal.tenant, command(call), id);
  }

  private view(call: ScimCall, parameters: ProjectionParameters): ResourceView<User> {
    return ResourceView.parse(this.options(call), parameters);
  }

  private options(call: ScimCall): ViewOptions<User> {
    return { resourceType: call.principal.profile.userType, baseUrl: this.urls.baseUrl(call), toScim };
  }
}

function answer({ principal }: ScimCall, view: ResourceView<User>): UserAnswer {
  return { withGroups: principal.profile.groupType !== undefined && view.shows('groups') };
}

function command(call: ScimCall, view?: ResourceView<User>): UserCommand {
  const { userType, erasesOnDeactivation } = call.principal.profile;
  return {
    ...writeCommand(call),
    ...(view === undefined ? {} : answer(call, view)),
    userType,
    traits: { erasesOnDeactivation },
  };
}
