import { newId } from '@cleanmail/database';
import { timeOfId } from './retention/retention.js';
import type { ProvisioningLogEntry, ProvisioningOutcome } from './provisioning-log-entry.js';

/** A SCIM request as the journal knows it, from its arrival on. */
export interface ProvisioningRequest {
  /** The id that its log entry will have. */
  readonly logId: string;
  readonly tokenId: string;
  readonly requestId: string;
  readonly method: string;
  readonly operation: string;
  readonly resourceType?: string;
  /** When it arrived: milliseconds since 1970, UTC. */
  readonly at: number;
  /** When it arrived, on the clock that measures durations. */
  readonly startedAt: number;
}

/** How a request ended. */
export interface ProvisioningResult {
  readonly outcome: ProvisioningOutcome;
  readonly status: number;
  readonly resourceId?: string;
  readonly userName?: string;
  readonly scimType?: string;
  readonly detail?: string;
  readonly changes?: readonly string[];
}

/** A request that has just arrived. */
export function provisioningRequest(
  request: Omit<ProvisioningRequest, 'logId' | 'at' | 'startedAt'>,
): ProvisioningRequest {
  const logId = newId();
  // Not the clock again, which may have moved on: entries are found by the time in their ids.
  return { ...request, logId, at: timeOfId(logId), startedAt: performance.now() };
}

/** The log entry of a request that ends now. */
export function logEntry(
  { logId, startedAt, ...request }: ProvisioningRequest,
  result: ProvisioningResult,
): ProvisioningLogEntry {
  return { id: logId, ...request, durationMs: performance.now() - startedAt, changes: [], ...result };
}
