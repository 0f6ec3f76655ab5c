import { randomUUID } from 'node:crypto';
import {
  checkImmutable,
  equalResources,
  foldCase,
  groupResourceType,
  patchResource,
  type Projection,
  project,
  readResource,
  type ResourceType,
  schemasOf,
  ScimError,
  type ScimResource,
  type ScimValue,
  userResourceType,
} from '@cleanmail/scim';

/** A resource as the reference server keeps it. */
export interface Stored {
  readonly type: ResourceType;
  readonly id: string;
  readonly created: string;
  lastModified: string;
  version: number;
  resource: ScimResource;
}

/** Users and groups in memory, with unique names, memberships and versions. */
export class ResourceStore {
  readonly types: readonly ResourceType[] = [userResourceType, groupResourceType];
  private readonly byId = new Map<string, Stored>();

  constructor(private readonly baseUrl: () => string) {}

  get size(): number {
    return this.byId.size;
  }

  all(type: ResourceType): readonly Stored[] {
    return [...this.byId.values()].filter((stored) => stored.type === type);
  }

  find(type: ResourceType, id: string): Stored {
    const stored = this.byId.get(id);
    if (stored?.type !== type) throw ScimError.notFound('There is no such resource.');
    return stored;
  }

  create(type: ResourceType, body: unknown): Stored {
    const resource = this.checked(type, readResource(body, type));
    const now = new Date().toISOString();
    const stored = { type, id: randomUUID(), created: now, lastModified: now, version: 1, resource };
    this.byId.set(stored.id, stored);
    return stored;
  }

  replace(stored: Stored, body: unknown): void {
    const resource = readResource(body, stored.type);
    checkImmutable(stored.resource, resource, stored.type);
    this.change(stored, resource);
  }

  patch(stored: Stored, body: unknown): void {
    this.change(stored, patchResource(stored.resource, body, stored.type).resource);
  }

  delete({ id }: Stored): void {
    this.byId.delete(id);
    for (const group of this.all(groupResourceType)) {
      const members = membersOf(group).filter((member) => member['value'] !== id);
      if (members.length !== membersOf(group).length) this.change(group, { ...group.resource, members });
    }
  }

  /** The whole resource as filters see it. */
  render(stored: Stored): ScimResource {
    const { type, id, created, lastModified, version } = stored;
    return {
      ...stored.resource,
      ...this.links(stored),
      schemas: schemasOf(stored.resource, type),
      id,
      meta: {
        resourceType: type.name,
        created,
        lastModified,
        location: this.locationOf(stored),
        version: `W/"${version}"`,
      },
    };
  }

  /** The part of the resource that an answer carries. */
  show(stored: Stored, projection: Projection): ScimResource {
    return project(this.render(stored), projection, stored.type);
  }

  locationOf({ type, id }: Stored): string {
    return `${this.baseUrl()}${type.endpoint}/${id}`;
  }

  private links(stored: Stored): Record<string, ScimValue> {
    if (stored.type === groupResourceType) {
      const members = membersOf(stored).map((member) => ({
        ...member,
        $ref: this.hrefOf(textOf(member['value'])),
        type: 'User',
      }));
      return members.length === 0 ? {} : { members };
    }
    const groups = this.all(groupResourceType).filter((group) =>
      membersOf(group).some(({ value }) => value === stored.id),
    );
    return groups.length === 0 ? {} : { groups: groups.map(({ id }) => ({ value: id })) };
  }

  private hrefOf(id: string): string {
    return `${this.baseUrl()}/Users/${id}`;
  }

  private change(stored: Stored, resource: ScimResource): void {
    const checked = this.checked(stored.type, resource, stored.id);
    if (equalResources(stored.resource, checked)) return;
    stored.resource = checked;
    stored.version += 1;
    stored.lastModified = new Date(Math.max(Date.now(), Date.parse(stored.lastModified) + 1)).toISOString();
  }

  private checked(type: ResourceType, resource: ScimResource, id?: string): ScimResource {
    const name = (one: ScimResource): string =>
      foldCase(textOf(one[type === userResourceType ? 'userName' : 'displayName']));
    if (this.all(type).some((other) => other.id !== id && name(other.resource) === name(resource))) {
      throw ScimError.uniqueness('The name is taken.');
    }
    return resource;
  }
}

type Member = Readonly<Record<string, ScimValue>>;

function membersOf({ resource }: Stored): readonly Member[] {
  const { members } = resource;
  return Array.isArray(members) ? (members as readonly Member[]) : [];
}

function textOf(value: ScimValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
