import { forUpdate, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import { foldCase } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { leastIdOf } from './retention/retention.js';
import type { ProvisioningLogEntry, ProvisioningLogQuery, RequestReference } from './provisioning-log-entry.js';

interface Row {
  readonly id: string;
  readonly at: number;
  readonly token_id: string;
  readonly request_id: string;
  readonly method: string;
  readonly operation: string;
  readonly resource_type: string | null;
  readonly resource_id: string | null;
  readonly user_name: string | null;
  readonly outcome: string;
  readonly status: number;
  readonly scim_type: string | null;
  readonly detail: string | null;
  readonly duration_ms: number;
  readonly changes: string;
}

const columns =
  'tenant_id, id, at, token_id, request_id, method, operation, resource_type, resource_id, user_name, user_name_key, ' +
  'outcome, status, scim_type, detail, duration_ms, changes';
const placeholders = `(${columns
  .split(',')
  .map(() => '?')
  .join(', ')})`;
const insert = `INSERT INTO provisioning_log (${columns}) VALUES ${placeholders}`;

/** Ids carry the time at which a request came, so a few seconds of the primary key are all that is read. */
const ofRequest = `
  SELECT ${columns} FROM provisioning_log WHERE tenant_id = ? AND id >= ? AND id < ? AND request_id = ?
   ORDER BY CASE WHEN resource_id = ? THEN 0 ELSE 1 END, id LIMIT 1`;
const requestWindow = 2000;

/** Rows of the provisioning log. */
@Injectable()
export class ProvisioningLogRepository {
  async insert(tenant: TenantId, session: Session, entry: ProvisioningLogEntry): Promise<void> {
    await session.run(insert, values(tenant, entry));
  }

  /** Writes many entries, also of several tenants, in one statement. */
  async insertAll(
    session: Session,
    entries: readonly { readonly tenant: TenantId; readonly entry: ProvisioningLogEntry }[],
  ): Promise<void> {
    const rows = entries.map(() => placeholders).join(', ');
    const statement = `INSERT INTO provisioning_log (${columns}) VALUES ${rows}`;
    const parameters = entries.flatMap(({ tenant, entry }) => values(tenant, entry));
    await (session.dialect === 'mysql' ? session.list(statement, parameters) : session.run(statement, parameters));
  }

  /** Waits for a transaction that has written the entry and not yet ended: its COMMIT may still be on the way. */
  async exists(tenant: TenantId, session: Session, id: string): Promise<boolean> {
    const statement = 'SELECT 1 AS found FROM provisioning_log WHERE tenant_id = ? AND id = ?';
    return (await session.first(`${statement}${forUpdate(session)}`, [tenant, id])) !== undefined;
  }

  /** The entry of a request, of several the one about the resource; undefined when it is no longer kept. */
  async findByRequest(
    tenant: TenantId,
    session: Session,
    { requestId, at, resourceId = '' }: RequestReference,
  ): Promise<ProvisioningLogEntry | undefined> {
    const [from, to] = [leastIdOf(at - requestWindow), leastIdOf(at + requestWindow)];
    const row = await session.first<Row>(ofRequest, [tenant, from, to, requestId, resourceId]);
    return row === undefined ? undefined : fromRow(row);
  }

  /** Newest first. */
  async list(
    tenant: TenantId,
    session: Session,
    query: ProvisioningLogQuery,
  ): Promise<readonly ProvisioningLogEntry[]> {
    const conditions = ['tenant_id = ?'];
    const parameters: SqlValue[] = [tenant];
    const where = (condition: string, ...values: SqlValue[]) => {
      conditions.push(condition);
      parameters.push(...values);
    };
    if (query.user !== undefined) {
      where('(resource_id = ? OR user_name_key = ?)', query.user, foldCase(query.user));
    }
    if (query.outcome !== undefined) {
      where('outcome = ?', query.outcome);
    }
    if (query.writesOnly === true) {
      where("operation IN ('create', 'replace', 'modify', 'delete')");
    }
    if (query.since !== undefined) {
      where('id >= ?', leastIdOf(query.since));
    }
    if (query.before !== undefined) {
      where('id < ?', query.before);
    }
    const rows = await session.list<Row>(
      `SELECT ${columns} FROM provisioning_log WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ${Math.trunc(query.limit)}`,
      parameters,
    );
    return rows.map(fromRow);
  }
}

function values(tenant: TenantId, entry: ProvisioningLogEntry): SqlValue[] {
  const userName = entry.userName?.slice(0, 512) ?? null;
  return [
    tenant,
    entry.id,
    entry.at,
    entry.tokenId,
    entry.requestId.slice(0, 64),
    entry.method,
    entry.operation,
    entry.resourceType ?? null,
    entry.resourceId?.slice(0, 64) ?? null,
    userName,
    userName === null ? null : foldCase(userName).slice(0, 640),
    entry.outcome,
    entry.status,
    entry.scimType ?? null,
    entry.detail?.slice(0, 1000) ?? null,
    Math.round(entry.durationMs),
    JSON.stringify(entry.changes),
  ];
}

function fromRow(row: Row): ProvisioningLogEntry {
  return {
    id: row.id,
    at: row.at,
    tokenId: row.token_id,
    requestId: row.request_id,
    method: row.method,
    operation: row.operation,
    ...(row.resource_type === null ? {} : { resourceType: row.resource_type }),
    ...(row.resource_id === null ? {} : { resourceId: row.resource_id }),
    ...(row.user_name === null ? {} : { userName: row.user_name }),
    outcome: row.outcome as ProvisioningLogEntry['outcome'],
    status: row.status,
    ...(row.scim_type === null ? {} : { scimType: row.scim_type }),
    ...(row.detail === null ? {} : { detail: row.detail }),
    durationMs: row.duration_ms,
    changes: JSON.parse(row.changes) as readonly string[],
  };
}
