import { type ListQuery, type ListResponse, listResponse, parseProjection, project } from '@cleanmail/scim';
import { ResourceReply } from '@cleanmail/scim-http';
import { entityTag, toScim, type User, type UserCommand, UsersService } from '@cleanmail/users';
import { Injectable } from '@nestjs/common';
import type { ScimCall } from './scim-call.js';
import { ScimUrls } from './scim-urls.js';

/** The parameters that shape an answer, as they came; see RFC 7644 section 3.9. */
export interface ProjectionParameters {
  readonly attributes?: string;
  readonly excludedAttributes?: string;
}

/** Users as SCIM answers: what the service did, rendered with the caller's URLs and projection. */
@Injectable()
export class UsersEndpoint {
  constructor(
    private readonly users: UsersService,
    private readonly urls: ScimUrls,
  ) {}

  async create(call: ScimCall, body: unknown, parameters: ProjectionParameters): Promise<ResourceReply> {
    const render = this.renderer(call, parameters);
    return render(await this.users.create(call.principal.tenant, command(call), body));
  }

  async read(call: ScimCall, id: string, parameters: ProjectionParameters): Promise<ResourceReply> {
    const render = this.renderer(call, parameters);
    return render(await this.users.get(call.principal.tenant, id));
  }

  async query(call: ScimCall, query: ListQuery): Promise<ListResponse<unknown>> {
    const { users, totalResults } = await this.users.list(call.principal.tenant, query);
    const { userType } = call.principal.profile;
    const base = this.urls.baseUrl(call);
    const resources = users.map((user) =>
      project(toScim(user, userType, locationOf(base, user)), query.projection, userType),
    );
    return listResponse({ totalResults, startIndex: query.startIndex, resources });
  }

  async replace(call: ScimCall, id: string, body: unknown, parameters: ProjectionParameters): Promise<ResourceReply> {
    const render = this.renderer(call, parameters);
    return render(await this.users.replace(call.principal.tenant, command(call), id, body));
  }

  async modify(call: ScimCall, id: string, body: unknown, parameters: ProjectionParameters): Promise<ResourceReply> {
    const render = this.renderer(call, parameters);
    return render(await this.users.modify(call.principal.tenant, command(call), id, body));
  }

  async delete(call: ScimCall, id: string): Promise<void> {
    await this.users.delete(call.principal.tenant, command(call), id);
  }

  /** Reads the projection first: a request that asks for something impossible must not have written anything. */
  private renderer(
    call: ScimCall,
    { attributes, excludedAttributes }: ProjectionParameters,
  ): (user: User) => ResourceReply {
    const { userType } = call.principal.profile;
    const projection = parseProjection(attributes, excludedAttributes, userType);
    return (user) => {
      const location = locationOf(this.urls.baseUrl(call), user);
      return new ResourceReply(
        project(toScim(user, userType, location), projection, userType),
        entityTag(user),
        location,
      );
    };
  }
}

function command({ principal, request, accepts }: ScimCall): UserCommand {
  const { userType, erasesOnDeactivation } = principal.profile;
  return { request, userType, traits: { erasesOnDeactivation }, ...(accepts === undefined ? {} : { accepts }) };
}

function locationOf(baseUrl: string, { id }: User): string {
  return `${baseUrl}/Users/${id}`;
}
