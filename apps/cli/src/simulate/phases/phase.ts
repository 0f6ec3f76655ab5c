import type { EntraClient } from '../entra-client.js';
import type { Ledger } from '../ledger.js';
import type { SimulationSettings } from '../simulation-options.js';

/** What a phase works with. */
export interface PhaseContext {
  readonly client: EntraClient;
  readonly ledger: Ledger;
  readonly settings: SimulationSettings;
  /** Works through the items with the run's concurrency and tells the progress. */
  forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void>;
}

/** One step of a provisioning job. */
export interface Phase {
  readonly name: string;
  /** The reason why this run leaves the phase out; undefined when it runs. */
  readonly skip?: (settings: SimulationSettings) => string | undefined;
  readonly run: (context: PhaseContext) => Promise<void>;
}
