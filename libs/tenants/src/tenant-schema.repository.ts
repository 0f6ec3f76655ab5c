import type { Session, TenantId } from '@cleanmail/database';
import { type SchemaDefinition, urnKey } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import type { ExtensibleType, TenantSchema } from './tenant-schema.js';

interface Row {
  readonly resource_type: ExtensibleType;
  readonly required: number;
  readonly document: string;
  readonly retired_at: number | null;
  readonly created_at: number;
  readonly updated_at: number;
}

const columns = 'resource_type, required, document, retired_at, created_at, updated_at';
const ofTenant = `SELECT ${columns} FROM tenant_schema WHERE tenant_id = ?`;

/** Rows of the extension schemas of tenants. */
@Injectable()
export class TenantSchemaRepository {
  /** All of a tenant, retired ones too, in the order of their URNs. */
  async all(tenant: TenantId, session: Session): Promise<readonly TenantSchema[]> {
    const rows = await session.all<Row>(`${ofTenant} ORDER BY schema_key`, [tenant]);
    return rows.map(fromRow);
  }

  /** By its URN in any case, also a retired one. */
  async find(tenant: TenantId, session: Session, urn: string): Promise<TenantSchema | undefined> {
    const row = await session.first<Row>(`${ofTenant} AND schema_key = ?`, [tenant, urnKey(urn)]);
    return row === undefined ? undefined : fromRow(row);
  }

  /** Those that are not retired, in the order of their URNs; `after` is the URN of the last one of the page before. */
  async list(
    tenant: TenantId,
    session: Session,
    { after = '', limit }: { readonly after?: string; readonly limit: number },
  ): Promise<readonly TenantSchema[]> {
    const rows = await session.list<Row>(
      `${ofTenant} AND retired_at IS NULL AND schema_key > ? ORDER BY schema_key LIMIT ${Math.trunc(limit)}`,
      [tenant, urnKey(after)],
    );
    return rows.map(fromRow);
  }

  async insert(tenant: TenantId, session: Session, schema: TenantSchema): Promise<void> {
    await session.run(
      `INSERT INTO tenant_schema (tenant_id, schema_key, schema_id, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        tenant,
        urnKey(schema.schema.id),
        schema.schema.id,
        schema.resourceType,
        schema.required,
        JSON.stringify(schema.schema),
        schema.retiredAt,
        schema.createdAt,
        schema.updatedAt,
      ],
    );
  }

  /** Writes everything that may change of a schema; its URN says which. */
  async update(
    tenant: TenantId,
    session: Session,
    { schema, required, retiredAt, updatedAt }: TenantSchema,
  ): Promise<void> {
    await session.run(
      'UPDATE tenant_schema SET required = ?, document = ?, retired_at = ?, updated_at = ? WHERE tenant_id = ? AND schema_key = ?',
      [required, JSON.stringify(schema), retiredAt, updatedAt, tenant, urnKey(schema.id)],
    );
  }

  /**
   * Counts a change of the tenant's schemas. The tenant's row stays locked to the end of the transaction, so that
   * changes follow one another. Answers false when there is no such tenant, or it was closed.
   */
  async beginChange(tenant: TenantId, session: Session): Promise<boolean> {
    const matched = await session.run(
      "UPDATE tenant SET schema_revision = schema_revision + 1 WHERE id = ? AND status <> 'closed'",
      [tenant],
    );
    return matched === 1;
  }
}

/** The document is what {@link TenantSchemaRepository.insert} wrote, and needs no reading with care. */
function fromRow(row: Row): TenantSchema {
  return {
    resourceType: row.resource_type,
    required: row.required === 1,
    schema: JSON.parse(row.document) as SchemaDefinition,
    retiredAt: row.retired_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
