/** How many days the journals are kept; 0 keeps them for ever. */
export interface Retention {
  readonly provisioningLogDays: number;
  readonly auditLogDays: number;
  readonly outboxDays: number;
}

/** What is kept where nothing else is provided. */
export const defaultRetention: Retention = { provisioningLogDays: 180, auditLogDays: 1095, outboxDays: 90 };

/** Provides a {@link Retention} among an application's global providers. */
export const RETENTION = Symbol('RETENTION');

const day = 86_400_000;

/** The time before which entries end; undefined when they are kept for ever. */
export function cutoff(days: number, now: number): number | undefined {
  return days === 0 ? undefined : now - days * day;
}

/** The least id (UUID version 7, RFC 9562 section 5.7) that can have been made at a time: ids before it are older. */
export function leastIdOf(time: number): string {
  const hex = Math.max(0, Math.trunc(time)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}

/** When an id (UUID version 7) was made, in milliseconds since 1970, UTC. */
export function timeOfId(id: string): number {
  return Number.parseInt(`${id.slice(0, 8)}${id.slice(9, 13)}`, 16);
}
