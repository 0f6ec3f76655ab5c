import { Database, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { extendedProfile } from './extended-profile.js';
import { type ProfileName, type ServiceProfile, serviceProfiles } from './service-profile.js';
import { TenantSchemaRepository } from './tenant-schema.repository.js';

/** What the schemas of all profiles in memory may come to, in characters of their documents. */
const mostCharacters = 4_000_000;

/** Which version of a tenant's schemas is asked for. */
export interface ProfileVersion {
  readonly tenant: TenantId;
  readonly profile: ProfileName;
  readonly schemaRevision: number;
}

interface BuiltProfile {
  readonly profile: ServiceProfile;
  readonly weight: number;
}

interface Entry {
  readonly built: Promise<BuiltProfile>;
  /** Characters of its documents; 0 while they are being read. */
  weight: number;
}

/**
 * The profile of a tenant with its own extension schemas. A version never changes, so it is built once and kept while
 * there is room; tenants without schemas share the profile of their service, at no cost.
 */
@Injectable()
export class TenantProfiles {
  private readonly entries = new Map<string, Entry>();
  private weight = 0;

  constructor(
    private readonly database: Database,
    private readonly schemas: TenantSchemaRepository,
  ) {}

  /** How many versions are kept now. */
  get size(): number {
    return this.entries.size;
  }

  async of(version: ProfileVersion): Promise<ServiceProfile> {
    if (version.schemaRevision === 0) {
      return serviceProfiles[version.profile];
    }
    const key = `${version.tenant}:${version.schemaRevision}`;
    const known = this.entries.get(key);
    if (known !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, known);
      return (await known.built).profile;
    }
    return this.read(key, version);
  }

  private async read(key: string, version: ProfileVersion): Promise<ServiceProfile> {
    const built = this.build(version);
    const entry: Entry = { built, weight: 0 };
    this.entries.set(key, entry);
    try {
      const { profile, weight } = await built;
      if (this.entries.get(key) === entry) {
        entry.weight = weight;
        this.weight += weight;
        this.makeRoom(key);
      }
      return profile;
    } catch (error) {
      if (this.entries.get(key) === entry) {
        this.entries.delete(key);
      }
      throw error;
    }
  }

  private async build({ tenant, profile }: ProfileVersion): Promise<BuiltProfile> {
    const schemas = await this.database.read((session) => this.schemas.all(tenant, session));
    return { profile: extendedProfile(serviceProfiles[profile], schemas), weight: JSON.stringify(schemas).length };
  }

  /** Forgets what was not asked for longest, never the newest. */
  private makeRoom(newest: string): void {
    for (const [key, { weight }] of this.entries) {
      if (this.weight <= mostCharacters) {
        return;
      }
      if (key !== newest) {
        this.entries.delete(key);
        this.weight -= weight;
      }
    }
  }
}
