/** One request to the admin application; `path` starts at the listener's root, query included. */
export interface AdminRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** The version that the change is meant for, as `If-Match`. */
  readonly ifMatch?: number;
}

/** The answer: HTTP status and parsed JSON (undefined when there was no JSON body). */
export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Carries a request to the admin application, over HTTP or inside this process. */
export type AdminTransport = (request: AdminRequest) => Promise<AdminAnswer>;

/** An admin application running in this process on the configured database. */
export interface LocalAdmin {
  readonly transport: AdminTransport;
  readonly close: () => Promise<void>;
}
