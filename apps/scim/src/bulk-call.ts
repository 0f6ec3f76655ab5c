import { allDone, type Database, isConnectionLost, type Session } from '@cleanmail/database';
import { logEntry, type ProvisioningLog, type ProvisioningRequest } from '@cleanmail/journal';
import {
  type BulkOperation,
  type BulkOutcome,
  type BulkPerformer,
  type ResolvedOperation,
  ScimError,
  userResourceType,
} from '@cleanmail/scim';
import { isFault, type ResourceReply, type ScimOperationName, toScimError } from '@cleanmail/scim-http';
import { Logger } from '@nestjs/common';
import { type BulkAddress, type BulkTarget, parseBulkPath } from './bulk-target.js';
import { failureOf, userNameIn } from './failed-request.js';
import { operationCall, type ScimCall } from './scim-call.js';

/** What the operations of a bulk request are carried out with. */
export interface BulkTools {
  readonly targets: readonly BulkTarget[];
  readonly baseUrl: string;
  readonly log: ProvisioningLog;
  readonly database: Database;
}

/** A creation that shares its transaction, as the call that it is. */
interface BulkCreation {
  readonly operation: ResolvedOperation;
  readonly call: ScimCall;
}

const names: Readonly<Record<string, ScimOperationName>> = {
  POST: 'create',
  PUT: 'replace',
  PATCH: 'modify',
  DELETE: 'delete',
};
/** The answer carries no resources, so nothing is read for it. */
const bareQuery = { attributes: 'id' };

/** Carries out the operations of one bulk request as single requests of the same caller. */
export class BulkCall implements BulkPerformer {
  /** Others of the tenant wait for the end of the transaction. */
  readonly mostTogether = 20;
  private readonly logger = new Logger(BulkCall.name);
  private isDatabaseGone = false;

  constructor(
    private readonly call: ScimCall,
    private readonly tools: BulkTools,
  ) {}

  async perform(operation: ResolvedOperation): Promise<BulkOutcome> {
    const call = this.callOf(operation);
    try {
      if (this.isDatabaseGone) {
        throw ScimError.unavailable(
          'The service cannot reach its database; the operation was not tried. Send it again later.',
        );
      }
      return await this.carryOut(call, operation);
    } catch (thrown) {
      return this.failedWith(call, operation, thrown);
    }
  }

  /** Creations of users go together: they lock nothing but what all creations lock, in the same order. */
  mayGoTogether({ method, path }: BulkOperation): boolean {
    const address = method === 'POST' && !this.isDatabaseGone ? this.addressOf({ method, path }) : undefined;
    return address?.target.resourceType === userResourceType && address.id === undefined;
  }

  /**
   * In one transaction; what fails there is tried again alone, to be answered and logged as it would be alone. When the
   * database went away nobody knows whether it was committed, and alone they might meet what they made themselves.
   */
  async performTogether(operations: readonly ResolvedOperation[]): Promise<readonly BulkOutcome[] | undefined> {
    const { database, log } = this.tools;
    const { tenant } = this.call.principal;
    const creations = operations.map((operation) => ({ operation, call: this.callOf(operation) }));
    const lastId = creations.at(-1)?.call.request.logId ?? '';
    const createAll = (session: Session): Promise<readonly BulkOutcome[]> => {
      const outcomes: Promise<BulkOutcome>[] = [];
      for (const { operation, call } of creations) {
        const turn = Promise.resolve(outcomes.at(-1)).then(() => undefined);
        // One that fails before its turn does not wait for it.
        turn.catch(() => undefined);
        outcomes.push(this.carryOut({ ...call, shared: { session, turn } }, operation));
      }
      return allDone(outcomes);
    };
    try {
      return await database.write(createAll, {
        isCommitted: (session) => log.isRecorded(tenant, session, lastId),
      });
    } catch (thrown) {
      return isConnectionLost(thrown) ? this.allFailedWith(creations, thrown) : undefined;
    }
  }

  async refuse(operation: ResolvedOperation, error: ScimError): Promise<BulkOutcome> {
    return this.failed(this.callOf(operation).request, operation, error);
  }

  private async carryOut(call: ScimCall, operation: ResolvedOperation): Promise<BulkOutcome> {
    const { basePath } = call.principal.profile;
    return this.send(call, operation, parseBulkPath(operation.path, basePath, this.tools.targets));
  }

  private async send(call: ScimCall, operation: ResolvedOperation, address: BulkAddress): Promise<BulkOutcome> {
    const { method, path, data } = operation;
    const { endpoint } = address.target;
    const { id } = address;
    if ((method === 'POST') !== (id === undefined)) {
      throw ScimError.methodNotAllowed(
        method === 'POST'
          ? `POST creates at a path such as /Users, not at "${path.slice(0, 128)}".`
          : `${method} needs the path of one resource, such as /Users/{id}.`,
      );
    }
    switch (id === undefined ? 'POST' : method) {
      case 'POST':
        return this.done(201, await endpoint.create(call, data, bareQuery));
      case 'PUT':
        return this.done(200, await endpoint.replace(call, id ?? '', data, bareQuery));
      case 'PATCH':
        return this.done(200, await endpoint.modify(call, id ?? '', data, bareQuery));
      default:
        await endpoint.delete(call, id ?? '');
        return { status: 204, id: id ?? '', location: this.locationOf(address) };
    }
  }

  private done(status: number, { entityTag, location }: ResourceReply): BulkOutcome {
    const id = location.slice(location.lastIndexOf('/') + 1);
    return { status, id, location, version: entityTag };
  }

  private async allFailedWith(creations: readonly BulkCreation[], thrown: unknown): Promise<readonly BulkOutcome[]> {
    const outcomes: BulkOutcome[] = [];
    for (const { call, operation } of creations) {
      outcomes.push(await this.failedWith(call, operation, thrown));
    }
    return outcomes;
  }

  private async failedWith(call: ScimCall, operation: ResolvedOperation, thrown: unknown): Promise<BulkOutcome> {
    const error = toScimError(thrown);
    if (isFault(error)) {
      this.logger.error(thrown, BulkCall.name);
    }
    // Every further operation would wait for as long as this one did; whether the database is gone is asked once.
    this.isDatabaseGone ||= error.status === 503 && !(await this.tools.database.isReachable());
    return this.failed(call.request, operation, error);
  }

  private failed(request: ProvisioningRequest, operation: ResolvedOperation, error: ScimError): BulkOutcome {
    const address = this.addressOf(operation);
    const id = address?.id;
    const target = { ...(id === undefined ? {} : { resourceId: id }), ...userNameIn(operation.data) };
    this.tools.log.append(this.call.principal.tenant, logEntry(request, { ...failureOf(error), ...target }));
    return address === undefined || id === undefined ? { error } : { error, location: this.locationOf(address) };
  }

  private callOf(operation: ResolvedOperation): ScimCall {
    const { method, version } = operation;
    const resourceType = this.addressOf(operation)?.target.resourceType.name;
    return operationCall(this.call, {
      method,
      name: names[method] ?? 'bulk',
      ...(resourceType === undefined ? {} : { resourceType }),
      ...(version === undefined ? {} : { version }),
    });
  }

  /** Where the operation goes, as far as its path says it; a bulkId that stands for no resource is no id. */
  private addressOf({ path }: ResolvedOperation): BulkAddress | undefined {
    try {
      const address = parseBulkPath(path, this.call.principal.profile.basePath, this.tools.targets);
      return address.id?.startsWith('bulkId:') === true ? { target: address.target } : address;
    } catch {
      return undefined;
    }
  }

  private locationOf({ target, id = '' }: BulkAddress): string {
    return `${this.tools.baseUrl}${target.resourceType.endpoint}/${encodeURIComponent(id)}`;
  }
}
