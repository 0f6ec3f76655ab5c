/** Where an entry of a history stands. */
export interface HistoryPosition {
  readonly at: number;
  readonly version: number;
}

const marks = '-7000-8000-';

/**
 * The key of an entry: a UUID version 7 of its time (RFC 9562 section 5.7) with its version in the place of chance, so
 * that it sorts among the ids of log entries by time.
 */
export function historyKey({ at, version }: HistoryPosition): string {
  const time = Math.max(0, Math.trunc(at)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}${marks}${version.toString(16).padStart(12, '0')}`;
}

/** Reads the key of an entry, or of a log entry: that one stands after every entry of its millisecond. */
export function historyPosition(key: string): HistoryPosition {
  const at = Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16);
  const version = key.slice(13, 24) === marks ? Number.parseInt(key.slice(24), 16) : 0x7fff_ffff;
  return { at: Number.isNaN(at) ? 0 : at, version: Number.isNaN(version) ? 0 : version };
}
