import { findEngines } from '../test/support/engines/find-engines.mjs';
import { prepare, PrepareError, runCommand } from './prepare.mjs';

// Prints one line an engine; the exit code is 1 when the migrated schema and the entities differ on any of them.
await runCommand(async () => {
  await prepare();
  // Only now are the packages built that this imports.
  const { schemaProblems, entityCount } = await import('./schema-problems.mjs');
  const { engines, missing, servers } = await findEngines();
  let count = 0;
  try {
    for (const engine of engines) {
      const problems = await schemaProblems(engine);
      console.log(
        `${engine.name} ${engine.version}: ${problems.length === 0 ? 'no drift' : `${problems.length} found`}`,
      );
      problems.forEach((problem) => console.log(`  ${problem}`));
      count += problems.length;
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  missing.forEach(({ name, reason }) => console.log(`${name}: not checked, ${reason}`));
  if (engines.length === 0) throw new PrepareError('Schema check: no database engine was found.');
  if (count > 0) throw new PrepareError(`Schema check: ${count} found.`);
  const names = engines.map(({ name }) => name).join(', ');
  console.log(`Schema check: migrations up, down and up again agree with ${entityCount} entities on ${names}.`);
});
