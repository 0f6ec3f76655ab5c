/** How the simulated Entra job writes its PATCH bodies; `both` gives every second user the flagged dialect. */
export const simulationDialects = ['default', 'aadOptscim062020', 'both'] as const;

/** One of `simulationDialects`. */
export type SimulationDialect = (typeof simulationDialects)[number];

/**
 * What happens: `job`, a whole job with changes, leavers and the deletion of everybody; `assign`, everybody is in scope
 * and enabled; `unassign`, everybody is, and then nobody. The latter two leave the users behind.
 */
export const simulationScenarios = ['job', 'assign', 'unassign'] as const;

/** One of `simulationScenarios`. */
export type SimulationScenario = (typeof simulationScenarios)[number];

/** Progress of the running phase; `total` counts the phase's work items, mostly users. */
export interface SimulationProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

/** What a simulated provisioning job does, and against which endpoint. */
export interface SimulationOptions {
  /** As pasted into Entra; a trailing slash and `?aadOptscim062020` are allowed. */
  readonly tenantUrl: string;
  /** The secret token as pasted into Entra. */
  readonly token: string;
  /** Number of users; 100 unless given. */
  readonly users?: number;
  /** Requests in flight at most; 16 unless given. */
  readonly concurrency?: number;
  /** `default` unless given. */
  readonly dialect?: SimulationDialect;
  /** `job` unless given. */
  readonly scenario?: SimulationScenario;
  /** Domain of all addresses; `contoso.example` unless given. */
  readonly domain?: string;
  /** The same seed makes the same people; random unless given. */
  readonly seed?: number;
  /** Whether `GET /Groups` is probed, as a job with group mapping does; true unless given. */
  readonly groupsProbe?: boolean;
  /** Leave the users behind instead of deleting them; false unless given. */
  readonly keep?: boolean;
  /** Requests per second at most; unlimited unless given. */
  readonly requestsPerSecond?: number;
  /** Milliseconds of silence after which a request counts as lost; 60,000 unless given. */
  readonly timeoutMs?: number;
  /** Ends the run early; `runSimulation` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SimulationProgress) => void;
}

/** The options with every default filled in and the endpoint parsed. */
export interface SimulationSettings {
  readonly baseUrl: string;
  readonly token: string;
  readonly users: number;
  readonly concurrency: number;
  readonly dialect: SimulationDialect;
  readonly scenario: SimulationScenario;
  readonly domain: string;
  readonly seed: number;
  readonly groupsProbe: boolean;
  readonly keep: boolean;
  readonly requestsPerSecond: number;
  readonly timeoutMs: number;
  /** True on a SendSafely tenant URL, whose userName cannot be changed. */
  readonly userNameImmutable: boolean;
}

/** An option of a simulation that cannot be used; the message names it. */
export class SimulationOptionError extends Error {
  override readonly name = 'SimulationOptionError';
}

/** Fills in the defaults; throws SimulationOptionError. */
export function resolveSettings(options: SimulationOptions): SimulationSettings {
  const url = parseTenantUrl(options.tenantUrl);
  return {
    baseUrl: `${url.origin}${url.pathname}`,
    token: options.token,
    users: positive('users', options.users ?? 100),
    concurrency: positive('concurrency', options.concurrency ?? 16),
    dialect: options.dialect ?? 'default',
    scenario: options.scenario ?? 'job',
    domain: options.domain ?? 'contoso.example',
    seed: options.seed ?? Math.floor(Math.random() * 2 ** 32),
    groupsProbe: options.groupsProbe ?? true,
    keep: options.keep ?? false,
    requestsPerSecond: options.requestsPerSecond ?? Infinity,
    timeoutMs: options.timeoutMs ?? 60_000,
    userNameImmutable: url.pathname.replace(/\/+$/, '').endsWith('/scim/v2/entra'),
  };
}

function parseTenantUrl(tenantUrl: string): URL {
  if (!URL.canParse(tenantUrl) || !/^https?:$/.test(new URL(tenantUrl).protocol)) {
    throw new SimulationOptionError(`the tenant URL is not an http(s) address: ${tenantUrl}`);
  }
  return new URL(tenantUrl);
}

function positive(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) throw new SimulationOptionError(`${name} must be a whole number from 1`);
  return value;
}
