import { Database, type Session, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail } from '@cleanmail/journal';
import { checkCompatible, readExtension, type ResourceType, urnKey } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { extendedProfile, urnsOf } from './extended-profile.js';
import { resourceTypesOf, type ServiceProfile, serviceProfiles } from './service-profile.js';
import {
  mostSchemas,
  ResourceTypeNotOfferedError,
  SchemaInUseError,
  SchemaNotFoundError,
  type SchemaRequest,
  type TenantSchema,
  TooManySchemasError,
} from './tenant-schema.js';
import { TenantSchemaRepository } from './tenant-schema.repository.js';
import { TenantRepository } from './tenant.repository.js';
import { TenantNotFoundError } from './tenants.errors.js';
import { TenantsService } from './tenants.service.js';
import { TokenCache } from './token-cache.js';

/** What a change starts from: the profile of the service, and all schemas of the tenant, retired ones too. */
interface Before {
  readonly profile: ServiceProfile;
  readonly schemas: readonly TenantSchema[];
}

/**
 * Extension schemas of tenants: registered, replaced by compatible versions, retired. Changes of one tenant follow one
 * another, each with its audit entry, and are effective on every node within a second.
 */
@Injectable()
export class TenantSchemasService {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantsService,
    private readonly tenantRows: TenantRepository,
    private readonly schemas: TenantSchemaRepository,
    private readonly cache: TokenCache,
    private readonly audit: AuditTrail,
  ) {}

  /** Those that are accepted now. @throws TenantNotFoundError */
  async list(
    tenant: TenantId,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly TenantSchema[]> {
    await this.tenants.require(tenant);
    return this.database.read((session) => this.schemas.list(tenant, session, page));
  }

  /** By its URN in any case. @throws TenantNotFoundError, SchemaNotFoundError */
  async get(tenant: TenantId, urn: string): Promise<TenantSchema> {
    await this.tenants.require(tenant);
    return requireLive(await this.database.read((session) => this.schemas.find(tenant, session, urn)), urn);
  }

  /**
   * Registers a schema, or brings back a retired one with all that is stored under it.
   * @throws InvalidSchemaError; IncompatibleSchemaError when the retired one meant something else; SchemaInUseError,
   *   TooManySchemasError, TenantNotFoundError.
   */
  async register(tenant: TenantId, actor: Actor, request: SchemaRequest): Promise<TenantSchema> {
    return this.change(tenant, actor, 'schema.register', async (session, before, now) => {
      if (before.schemas.filter(({ retiredAt }) => retiredAt === null).length >= mostSchemas) {
        throw new TooManySchemasError();
      }
      requireUnused(before, request);
      const schema = readExtension(request.document, homeOf(before, request));
      const former = find(before, schema.id);
      const { required, resourceType } = request;
      if (former === undefined) {
        const added = { resourceType, required, schema, retiredAt: null, createdAt: now, updatedAt: now };
        await this.schemas.insert(tenant, session, added);
        return added;
      }
      requireSameType(former, request);
      checkCompatible(former.schema, schema);
      const revived = { ...former, required, schema, retiredAt: null, updatedAt: now };
      await this.schemas.update(tenant, session, revived);
      return revived;
    });
  }

  /**
   * Replaces a schema by a version under which stored values keep their meaning.
   * @throws InvalidSchemaError, IncompatibleSchemaError, SchemaInUseError, SchemaNotFoundError, TenantNotFoundError.
   */
  async replace(tenant: TenantId, actor: Actor, urn: string, request: SchemaRequest): Promise<TenantSchema> {
    return this.change(tenant, actor, 'schema.replace', async (session, before, now) => {
      const current = requireLive(find(before, urn), urn);
      requireSameType(current, request);
      const others = { ...before, schemas: before.schemas.filter((each) => each !== current) };
      const schema = readExtension(request.document, homeOf(others, request));
      checkCompatible(current.schema, schema);
      const replaced = { ...current, required: request.required, schema, updatedAt: now };
      await this.schemas.update(tenant, session, replaced);
      return replaced;
    });
  }

  /** Ends a schema: it is no longer listed or accepted, and stored values are kept, unseen. @throws as get does. */
  async retire(tenant: TenantId, actor: Actor, urn: string): Promise<void> {
    await this.change(tenant, actor, 'schema.retire', async (session, before, now) => {
      const retired = { ...requireLive(find(before, urn), urn), retiredAt: now, updatedAt: now };
      await this.schemas.update(tenant, session, retired);
      return retired;
    });
  }

  private async change(
    tenant: TenantId,
    actor: Actor,
    action: string,
    work: (session: Session, before: Before, now: number) => Promise<TenantSchema>,
  ): Promise<TenantSchema> {
    const changed = await this.database.write(async (session) => {
      const row = (await this.schemas.beginChange(tenant, session))
        ? await this.tenantRows.find(session, tenant)
        : undefined;
      if (row === undefined) {
        throw new TenantNotFoundError(tenant);
      }
      const schemas = await this.schemas.all(tenant, session);
      const result = await work(session, { profile: serviceProfiles[row.profile], schemas }, Date.now());
      await this.audit.record(tenant, session, actor, { action, target: result.schema.id, details: detailsOf(result) });
      return result;
    });
    this.cache.clear();
    return changed;
  }
}

/** What the schema of a request has to fit: the resource type and the URNs that are there without it. */
function homeOf(
  { profile, schemas }: Before,
  { resourceType }: SchemaRequest,
): { readonly resourceType: ResourceType; readonly otherUrns: readonly string[] } {
  const extended = extendedProfile(
    profile,
    schemas.filter(({ retiredAt }) => retiredAt === null),
  );
  const type = resourceTypesOf(extended).find(({ name }) => name === resourceType);
  if (type === undefined) {
    throw new ResourceTypeNotOfferedError(resourceType, profile.name);
  }
  return { resourceType: type, otherUrns: urnsOf(extended) };
}

/** Another case of a registered URN is the same URN (RFC 8141 section 3, RFC 7643 section 2.1). */
function requireUnused(before: Before, { document }: SchemaRequest): void {
  const id: unknown = typeof document === 'object' && document !== null && 'id' in document ? document.id : undefined;
  const known = typeof id === 'string' ? find(before, id) : undefined;
  if (known?.retiredAt === null) {
    throw new SchemaInUseError(`The tenant has the schema ${known.schema.id} already; replace it to change it.`);
  }
}

function requireSameType({ schema, resourceType }: TenantSchema, request: SchemaRequest): void {
  if (request.resourceType !== resourceType) {
    throw new SchemaInUseError(
      `${schema.id} was registered for the resource type ${resourceType} and stays with it; take another URN for ${request.resourceType}.`,
    );
  }
}

function requireLive(schema: TenantSchema | undefined, urn: string): TenantSchema {
  if (schema?.retiredAt !== null) {
    throw new SchemaNotFoundError(urn);
  }
  return schema;
}

function find({ schemas }: Before, urn: string): TenantSchema | undefined {
  return schemas.find(({ schema }) => urnKey(schema.id) === urnKey(urn));
}

function detailsOf({ schema, resourceType, required }: TenantSchema): Readonly<Record<string, unknown>> {
  return { id: schema.id, resourceType, required, attributes: schema.attributes.map(({ name }) => name) };
}
