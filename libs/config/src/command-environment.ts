import { userInfo } from 'node:os';

/** What the `cleanmail` command takes from the environment besides the service's own configuration. */
export interface CommandEnvironment {
  readonly adminUrl?: string;
  readonly adminKey?: string;
  readonly scimToken?: string;
  readonly tenantUrl?: string;
  readonly user: string;
}

/** Reads CLEANMAIL_ADMIN_URL, CLEANMAIL_ADMIN_KEY or ADMIN_KEY, CLEANMAIL_TOKEN, CLEANMAIL_TENANT_URL and the operating system's user. */
export function readCommandEnvironment(
  raw: Readonly<Record<string, string | undefined>> = process.env,
): CommandEnvironment {
  const present = {
    adminUrl: raw['CLEANMAIL_ADMIN_URL'],
    adminKey: raw['CLEANMAIL_ADMIN_KEY'] ?? raw['ADMIN_KEY'],
    scimToken: raw['CLEANMAIL_TOKEN'],
    tenantUrl: raw['CLEANMAIL_TENANT_URL'],
  };
  const given = Object.fromEntries(Object.entries(present).filter(([, value]) => value !== undefined && value !== ''));
  return { ...given, user: raw['USER'] ?? userInfo().username };
}
