import {
  carries,
  type ListResponse,
  listResponse,
  parseProjection,
  project,
  type Projection,
  type ResourceType,
  type ScimResource,
} from '@cleanmail/scim';
import { ResourceReply } from '@cleanmail/scim-http';
import { entityTag, locationOf, type StoredResource } from '@cleanmail/users';
import type { PagePlace } from './cursors.js';

/** The parameters that shape an answer, as they came; see RFC 7644 section 3.9. */
export interface ProjectionParameters {
  readonly attributes?: string;
  readonly excludedAttributes?: string;
}

/** What resources of one kind are rendered with. */
export interface ViewOptions<T> {
  readonly resourceType: ResourceType;
  /** The base URL of the caller's service. */
  readonly baseUrl: string;
  readonly toScim: (resource: T, resourceType: ResourceType, baseUrl: string) => ScimResource;
}

/** Resources of one kind as a request wants to see them. */
export class ResourceView<T extends StoredResource> {
  constructor(
    private readonly options: ViewOptions<T>,
    private readonly projection: Projection,
  ) {}

  /** To be made before anything is written: a request that asks for something impossible must not change anything. */
  static parse<T extends StoredResource>(
    options: ViewOptions<T>,
    { attributes, excludedAttributes }: ProjectionParameters,
  ): ResourceView<T> {
    return new ResourceView(options, parseProjection(attributes, excludedAttributes, options.resourceType));
  }

  /** Whether the answer may show an attribute. */
  shows(attributeName: string): boolean {
    return carries(this.projection, attributeName);
  }

  reply(resource: T): ResourceReply {
    return new ResourceReply(this.render(resource), entityTag(resource), this.locationOf(resource));
  }

  /** The reply that tells no more than the new version. */
  replyWithoutBody(resource: T): ResourceReply {
    return new ResourceReply(undefined, entityTag(resource), this.locationOf(resource));
  }

  list(resources: readonly T[], totalResults: number, place: PagePlace): ListResponse<unknown> {
    return listResponse({
      totalResults,
      ...place,
      resources: resources.map((resource) => this.render(resource)),
    });
  }

  /** The resource as it stands in an answer. */
  render(resource: T): ScimResource {
    const { resourceType, baseUrl, toScim } = this.options;
    return project(toScim(resource, resourceType, baseUrl), this.projection, resourceType);
  }

  private locationOf(resource: T): string {
    return locationOf(resource, this.options.resourceType, this.options.baseUrl);
  }
}
