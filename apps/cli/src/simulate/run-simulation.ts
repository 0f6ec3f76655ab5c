import { setMaxListeners } from 'node:events';

import { forEachConcurrently, Pacer } from './concurrency.js';
import { EntraClient } from './entra-client.js';
import { Ledger } from './ledger.js';
import { Measurements } from './measurements.js';
import { createPeople } from './people.js';
import { changes } from './phases/changes.js';
import { finalCheck } from './phases/final-check.js';
import { hardDelete } from './phases/hard-delete.js';
import { incrementalCycle } from './phases/incremental-cycle.js';
import { initialCycle } from './phases/initial-cycle.js';
import { leavers } from './phases/leavers.js';
import { onDemand } from './phases/on-demand.js';
import type { Phase, PhaseContext } from './phases/phase.js';
import { rename } from './phases/rename.js';
import { restore } from './phases/restore.js';
import { testConnection } from './phases/test-connection.js';
import { unassign } from './phases/unassign.js';
import { ScimConnection } from './scim-connection.js';
import {
  resolveSettings,
  type SimulationOptions,
  type SimulationScenario,
  type SimulationSettings,
} from './simulation-options.js';
import type { SimulationReport } from './simulation-report.js';

const cycles: Readonly<Record<SimulationScenario, readonly Phase[]>> = {
  job: [initialCycle, changes, rename, leavers, restore, onDemand, incrementalCycle, finalCheck, hardDelete],
  assign: [initialCycle, finalCheck],
  unassign: [initialCycle, unassign, finalCheck],
};

/**
 * Plays a Microsoft Entra provisioning job against a tenant URL and reports every answer that Entra would stumble
 * over. Nothing is provisioned when the connection test fails. Rejects with SimulationOptionError and when the
 * signal is aborted, never because of an answer.
 */
export async function runSimulation(options: SimulationOptions): Promise<SimulationReport> {
  const settings = resolveSettings(options);
  const connection = new ScimConnection(settings);
  const measurements = new Measurements();
  const pacer = new Pacer(settings.requestsPerSecond);
  const signal = ownSignal(options.signal);
  const client = new EntraClient(connection, measurements, pacer, signal);
  const ledger = new Ledger(createPeople(settings.users, settings.seed, settings.domain, settings.dialect));
  const runPhase = (phase: Phase): Promise<void> =>
    measure(phase, measurements, {
      client,
      ledger,
      settings,
      forEach: workThrough(phase.name, settings, options, signal),
    });
  try {
    await runPhase(testConnection);
    const isGreen = measurements.unexpectedCount === 0;
    for (const phase of cycles[settings.scenario]) {
      const reason = isGreen ? phase.skip?.(settings) : 'the connection test failed';
      if (reason === undefined) await runPhase(phase);
      else measurements.skipPhase(phase.name, reason);
    }
  } finally {
    connection.close();
  }
  const { baseUrl, seed, users, concurrency, dialect } = settings;
  return { tenantUrl: baseUrl, seed, users, concurrency, dialect, ...measurements.summary() };
}

async function measure(phase: Phase, measurements: Measurements, context: PhaseContext): Promise<void> {
  measurements.startPhase(phase.name);
  await phase.run(context);
  measurements.endPhase();
}

function workThrough(
  phase: string,
  settings: SimulationSettings,
  options: SimulationOptions,
  signal: AbortSignal,
): PhaseContext['forEach'] {
  return async (items, work) => {
    let done = 0;
    if (items.length === 0) return;
    options.onProgress?.({ phase, done, total: items.length });
    const step = async (item: (typeof items)[number]): Promise<void> => {
      await work(item);
      done += 1;
      options.onProgress?.({ phase, done, total: items.length });
    };
    await forEachConcurrently(items, settings.concurrency, step, signal);
  };
}

/** Follows the caller's signal; every request in flight may listen to it without a warning. */
function ownSignal(signal: AbortSignal | undefined): AbortSignal {
  const own = AbortSignal.any(signal === undefined ? [] : [signal]);
  setMaxListeners(0, own);
  return own;
}
