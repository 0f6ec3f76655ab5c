import { creatingChecks } from './creating.js';
import { groupChecks } from './groups.js';
import { lifeCycleChecks } from './life-cycle.js';
import { oauthChecks } from './oauth.js';
import { patchingChecks } from './patching.js';
import { protocolChecks } from './protocol.js';
import { readingChecks } from './reading.js';
import { sendSafelyChecks } from './sendsafely.js';
import type { Check, CheckTable } from './check.js';

const tables: readonly CheckTable[] = [
  readingChecks,
  creatingChecks,
  patchingChecks,
  lifeCycleChecks,
  protocolChecks,
  sendSafelyChecks,
  groupChecks,
  oauthChecks,
];

/** The assertion of each check sentence. */
export const checks: ReadonlyMap<string, Check> = new Map(tables.flatMap((table) => Object.entries(table)));

/** Sentences that stand in more than one table; there must be none. */
export const sentencesDefinedTwice: readonly string[] = tables
  .flatMap((table) => Object.keys(table))
  .filter((sentence, index, all) => all.indexOf(sentence) !== index);
