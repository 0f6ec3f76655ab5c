import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngines } from './engines/find-engines.mjs';
import { running } from './engines/running.mjs';

/**
 * Finds the engines once for all workers, which learn of them through the environment. Servers started here end with the
 * run, also when Jest is killed.
 */
export default async function globalSetup() {
  const { engines, missing, servers } = await findEngines();
  running.engines = engines;
  running.servers = servers;
  running.folder = mkdtempSync(join(tmpdir(), 'cleanmail-test-'));
  process.env.CLEANMAIL_TEST_FOLDER = running.folder;
  process.env.CLEANMAIL_TEST_ENGINES = JSON.stringify({ engines, missing });
}
