import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService as startBothListeners } from '@cleanmail/cli';
import { readConfiguration } from '@cleanmail/config';

/** A service under test, on free ports of this machine. */
export interface ServiceUnderTest {
  /** Where SCIM answers, without a base path. */
  readonly scimUrl: string;
  readonly adminUrl: string;
  readonly adminKey: string;
  stop(): Promise<void>;
}

/** Boots the real service on a database, as `cleanmail serve` does; `environment` overrides any variable. */
export async function startService(options: {
  readonly databaseUrl: string;
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<ServiceUnderTest> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'cleanmail-test-'));
  const configuration = readConfiguration({
    SCIM_PORT: '0',
    ADMIN_PORT: '0',
    DATABASE_URL: options.databaseUrl,
    DATA_DIR: dataDirectory,
    ADMIN_KEY: 'admin-key-of-a-test',
    TOKEN_PEPPER: 'token-pepper-of-a-test',
    LOG_LEVEL: 'error',
    ...options.environment,
  });
  const service = await startBothListeners(configuration);
  return {
    scimUrl: service.scimUrl,
    adminUrl: service.adminUrl,
    adminKey: configuration.adminKey,
    stop: async () => {
      await service.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
