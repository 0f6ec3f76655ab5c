import { availableEngines, createMigratedDatabaseUrl, dropDatabase, type TestEngine } from './engines/index.js';
import { startService, type ServiceUnderTest } from './service.js';

/** The embedded database, for suites whose subject is not the database. */
export function embeddedEngine(): TestEngine {
  return (
    availableEngines().find(({ name }) => name === 'sqlite') ?? { name: 'sqlite', version: 'embedded', url: 'sqlite:' }
  );
}

/** Runs one service on a database of its own, embedded unless told otherwise, for as long as `use` takes. */
export async function withService(
  options: { readonly engine?: TestEngine; readonly environment?: Readonly<Record<string, string>> },
  use: (service: ServiceUnderTest, databaseUrl: string) => Promise<void>,
): Promise<void> {
  const databaseUrl = await createMigratedDatabaseUrl(options.engine ?? embeddedEngine());
  const service = await startService({ databaseUrl, environment: options.environment ?? {} });
  try {
    await use(service, databaseUrl);
  } finally {
    await service.stop();
    await dropDatabase(databaseUrl);
  }
}
