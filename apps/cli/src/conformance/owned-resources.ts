import { objectsAt } from '../simulate/json.js';
import type { Exchange } from './exchange.js';

/** The resources that a run has made and not yet deleted, by their paths below the base URL. */
export class OwnedResources {
  private readonly ofCheck = new Set<string>();
  private readonly ofRun = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly endpoints: readonly string[];
  private keepers = 0;

  constructor(endpoints: readonly (string | undefined)[]) {
    this.endpoints = endpoints.filter((endpoint) => endpoint !== undefined);
  }

  /** Takes note of what an exchange created or deleted, also in a bulk request. */
  observe({ method, path, status, body, headers }: Exchange): void {
    if (method === 'DELETE' && (status === 204 || status === 200 || status === 404)) this.forget(path);
    if (method !== 'POST' || status < 200 || status >= 300) return;
    const endpoint = this.endpoints.find((candidate) => path.split('?', 1)[0] === candidate);
    const id = body?.['id'];
    if (endpoint !== undefined && typeof id === 'string') this.add(`${endpoint}/${encodeURIComponent(id)}`);
    else if (endpoint !== undefined) this.addLocation(headers.location);
    for (const operation of objectsAt(body ?? {}, 'Operations')) this.addLocation(operation['location']);
  }

  /** Runs something whose resources last until the end of the run. */
  async keeping<T>(make: () => Promise<T>): Promise<T> {
    this.keepers += 1;
    try {
      return await make();
    } finally {
      this.keepers -= 1;
    }
  }

  /** Paths to delete, the latest first. */
  paths(which: 'check' | 'all'): readonly string[] {
    return [...(which === 'all' ? this.ofRun : []), ...this.ofCheck].reverse();
  }

  forget(path: string): void {
    this.ofCheck.delete(path);
    this.ofRun.delete(path);
  }

  /** Ids of everything that this run ever made. */
  get ids(): readonly string[] {
    return [...this.seen].map((path) => path.slice(path.lastIndexOf('/') + 1));
  }

  private addLocation(location: unknown): void {
    if (typeof location !== 'string') return;
    const endpoint = this.endpoints.find((candidate) => location.includes(`${candidate}/`));
    if (endpoint !== undefined) this.add(location.slice(location.lastIndexOf(`${endpoint}/`)));
  }

  private add(path: string): void {
    this.seen.add(path);
    (this.keepers > 0 ? this.ofRun : this.ofCheck).add(path);
  }
}
