import { isIP } from 'node:net';
import { z } from 'zod';
import { ConfigurationError, type ConfigurationIssue } from './configuration-error.js';

const port = wholeNumber(0, 65535);
const absoluteUrl = z.url({ protocol: /^https?$/ });

interface Variable {
  readonly schema: z.ZodType;
  readonly example: string;
  readonly meaning: string;
}

/** Every variable the service reads: how it is checked, an example that works, and what it means. */
export const variables = {
  HOST: {
    schema: z.string().min(1).default('127.0.0.1'),
    example: '127.0.0.1',
    meaning: 'Address both listeners bind.',
  },
  SCIM_PORT: { schema: port.default(3000), example: '3000', meaning: 'Port of the public SCIM listener.' },
  ADMIN_PORT: { schema: port.default(3001), example: '3001', meaning: 'Port of the private admin listener.' },
  DATABASE_URL: {
    schema: z.string().min(1).optional(),
    example: 'mysql://user:password@127.0.0.1:3306/cleanmail',
    meaning: 'mysql://user:password@host:port/database for MySQL or MariaDB, sqlite:PATH for the embedded database.',
  },
  DATABASE_POOL_SIZE: {
    schema: wholeNumber(1, 500).default(10),
    example: '10',
    meaning: 'Connections to MySQL or MariaDB.',
  },
  DATA_DIR: {
    schema: z.string().min(1).default('./data'),
    example: './data',
    meaning: 'Embedded database and generated secrets.',
  },
  ADMIN_KEY: {
    schema: z.string().min(1).optional(),
    example: 'a-long-random-string',
    meaning: 'Bootstrap credential of the admin listener; generated into DATA_DIR when absent.',
  },
  TOKEN_PEPPER: {
    schema: z.string().min(1).optional(),
    example: 'another-long-random-string',
    meaning:
      'Key of the HMAC under which tokens are stored; generated into DATA_DIR with the embedded database, required with MySQL.',
  },
  PUBLIC_SCIM_URL: {
    schema: absoluteUrl.optional(),
    example: 'https://cloud.cleanmail.ch',
    meaning: 'What tenantUrl, Location and meta.location start with.',
  },
  TRUST_PROXY: {
    schema: z
      .string()
      .refine((list) => list.split(',').every((network) => isNetwork(network.trim())), {
        error: 'must be a list of IP addresses or networks, separated by commas',
      })
      .optional(),
    example: '10.0.0.0/8',
    meaning: 'Comma-separated addresses or networks of proxies whose X-Forwarded-* headers are believed.',
  },
  RATE_LIMIT_PER_SECOND: {
    schema: wholeNumber(25, 1_000_000).default(2500),
    example: '2500',
    meaning:
      'SCIM requests a second of a tenant that a node takes, and as many leavers beside; never below the 25 that Entra needs.',
  },
  CURSOR_TIMEOUT_SECONDS: {
    schema: wholeNumber(1, 604_800).default(3600),
    example: '3600',
    meaning: 'How long the cursor of a page of a SCIM list is good for.',
  },
  ACCESS_TOKEN_SECONDS: {
    schema: wholeNumber(60, 21_600).default(3600),
    example: '3600',
    meaning: 'How long an OAuth access token is good for; Entra wants one hour to six.',
  },
  DNS_SERVERS: {
    schema: z
      .string()
      .refine((list) => list.split(',').every((server) => isServer(server.trim())), {
        error: 'must be a list of IP addresses, each with a port or without, separated by commas',
      })
      .optional(),
    example: '192.0.2.53,[2001:db8::53]:5353',
    meaning: "Comma-separated DNS servers that are asked for the proof of a mail domain; the system's when absent.",
  },
  CLOCK_INTERVAL_SECONDS: {
    schema: wholeNumber(0, 86_400).default(60),
    example: '60',
    meaning: 'How often a node looks for what time has ended (purges, expiries, erasures); 0: never on this node.',
  },
  PROVISIONING_LOG_DAYS: {
    schema: wholeNumber(0, 36_500).default(180),
    example: '180',
    meaning: 'Days for which entries of the provisioning log are kept; 0: for ever.',
  },
  AUDIT_LOG_DAYS: {
    schema: wholeNumber(0, 36_500).default(1095),
    example: '1095',
    meaning: 'Days for which entries of the audit log are kept; 0: for ever.',
  },
  OUTBOX_DAYS: {
    schema: wholeNumber(0, 36_500).default(90),
    example: '90',
    meaning: 'Days for which events and removed recipients are kept for services that read them; 0: for ever.',
  },
  RECIPIENTS_PORT: {
    schema: port.default(47_611),
    example: '47611',
    meaning: 'Port of the socketmap server for Postfix (cleanmail recipients serve).',
  },
  RECIPIENTS_SOCKET: {
    schema: z.string().min(1).max(100).optional(),
    example: '/var/spool/postfix/cleanmail/recipients.sock',
    meaning: 'Unix socket on which the socketmap server answers as well.',
  },
  RECIPIENTS_STATUS_PORT: {
    schema: port.default(47_612),
    example: '47612',
    meaning: 'Port of health and metrics of the socketmap server.',
  },
  RECIPIENTS_POLL_MILLISECONDS: {
    schema: wholeNumber(50, 60_000).default(500),
    example: '500',
    meaning: 'How often the socketmap server looks for changes.',
  },
  RECIPIENTS_MAX_STALE_HOURS: {
    schema: wholeNumber(1, 8760).default(24),
    example: '24',
    meaning: 'How long the socketmap server answers from its last snapshot while the database is away; then TEMP.',
  },
  RECIPIENTS_ACCEPT_LOSS: {
    schema: z.string().min(1).optional(),
    example: '0198c0de-0000-7000-8000-000000000000',
    meaning: 'Comma-separated ids of tenants of which the socketmap server may drop more than 20 % of the recipients.',
  },
  EVENTS_POLL_MILLISECONDS: {
    schema: wholeNumber(0, 60_000).default(500),
    example: '500',
    meaning: 'How often a node looks for events to deliver to receivers; 0: never on this node.',
  },
  EVENTS_ALLOW_PRIVATE: {
    schema: z
      .string()
      .refine((list) => list.split(',').every((entry) => isNetworkOrHost(entry.trim())), {
        error: 'must be a list of IP addresses, networks and host names, separated by commas',
      })
      .optional(),
    example: '10.20.0.0/16,quarantine.internal',
    meaning:
      'Comma-separated private addresses, networks and host names that events may be delivered to, also over plain http.',
  },
  EVENTS_DISABLE_DAYS: {
    schema: wholeNumber(0, 365).default(5),
    example: '5',
    meaning: 'Days of failure alone after which a receiver of events is disabled; 0: never.',
  },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    example: 'info',
    meaning: 'Least severe log line that is written.',
  },
} as const satisfies Record<string, Variable>;

type VariableName = keyof typeof variables;

/** The environment after parsing, one typed value a variable. */
export type Environment = { readonly [Name in VariableName]: z.output<(typeof variables)[Name]['schema']> };

/**
 * Parses the variables above out of a raw environment. An empty string counts as not set.
 * @throws ConfigurationError naming every wrong variable, its problem and an example.
 */
export function parseEnvironment(raw: Readonly<Record<string, string | undefined>>): Environment {
  const issues: ConfigurationIssue[] = [];
  const entries = Object.entries(variables).map(([name, variable]) => {
    const text = raw[name] === '' ? undefined : raw[name];
    const parsed = variable.schema.safeParse(text);
    if (!parsed.success) {
      const problem = parsed.error.issues[0]?.message ?? 'is not valid';
      issues.push({ variable: name, problem, example: variable.example });
    }
    return [name, parsed.data] as const;
  });
  if (issues.length > 0) {
    throw new ConfigurationError(issues);
  }
  return Object.fromEntries(entries) as Environment;
}

function wholeNumber(least: number, most: number) {
  const isInRange = (text: string) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return z
    .string()
    .refine(isInRange, { error: `must be a whole number from ${least} to ${most}` })
    .transform(Number);
}

/** An address, an address with the length of its prefix, or one of the names that Fastify's proxy rules know. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  return ['loopback', 'linklocal', 'uniquelocal'].includes(text) || (bits > 0 && isPrefix && more.length === 0);
}

function isNetworkOrHost(text: string): boolean {
  const isName = /^(?=.*[a-z])[a-z\d-]{1,63}(\.[a-z\d-]{1,63})*$/i.test(text);
  return isName || (isNetwork(text) && /[\d:]/.test(text));
}

/** An address of a DNS server as Node's resolver takes it: `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`. */
function isServer(text: string): boolean {
  const bracketed =
    /^\[(?<address>[^\]]+)\](?::(?<port>\d{1,5}))?$/.exec(text) ?? /^(?<address>[\d.]+):(?<port>\d{1,5})$/.exec(text);
  const { address = text, port = '53' } = bracketed?.groups ?? {};
  return isIP(address) !== 0 && Number(port) >= 1 && Number(port) <= 65_535;
}
