import { Option, type Command } from 'commander';

import { resolveTenant } from '../admin-client/resolve-tenant.js';
import {
  SimulationOptionError,
  simulationDialects,
  type SimulationDialect,
  type SimulationOptions,
  type SimulationScenario,
  simulationScenarios,
} from '../simulate/simulation-options.js';
import type { SimulationReport } from '../simulate/simulation-report.js';
import { CommandError, usageError } from '../terminal/command-error.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import { addAdminOptions, readSecret, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { parseCount, parseExpiry, parseRate, parseWholeNumber } from './option-values.js';
import { printJson } from './output.js';
import { formatReport } from './simulation-summary.js';

interface SimulateOptions extends AdminOptions, OutputOptions {
  readonly tenantUrl?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly tenant?: string;
  readonly users: number;
  readonly concurrency: number;
  readonly dialect: SimulationDialect;
  readonly scenario: SimulationScenario;
  readonly domain: string;
  readonly seed?: number;
  readonly groupsProbe: boolean;
  readonly keep?: true;
  readonly rps?: number;
  readonly progress: boolean;
}

/** `cleanmail simulate`: an Entra-like provisioning job against a tenant URL. */
export function addSimulateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('simulate')
    .description('play a Microsoft Entra provisioning job and check every answer; exit code 1 on any unexpected one')
    .option('--tenant <tenant>', 'tenant (id or exact name) for which a token is issued now and revoked at the end')
    .option('--tenant-url <url>', 'tenant URL as pasted into Entra (env CLEANMAIL_TENANT_URL; default: the tenant’s)')
    .option('--token <token>', 'secret token (better: env CLEANMAIL_TOKEN or --token-file)')
    .option('--token-file <file>', 'file that holds the secret token')
    .option('--users <n>', 'number of users', parseCount, 100)
    .option('--concurrency <m>', 'requests at the same time', parseCount, 16)
    .addOption(new Option('--dialect <dialect>', 'form of PATCH').choices([...simulationDialects]).default('default'))
    .addOption(
      new Option(
        '--scenario <scenario>',
        'job: a whole one; assign: everybody is enabled; unassign: everybody is, and then disabled in one cycle',
      )
        .choices([...simulationScenarios])
        .default('job'),
    )
    .option('--domain <domain>', 'domain of the addresses', 'contoso.example')
    .option('--seed <n>', 'make the same people again (default: random)', parseWholeNumber)
    .option('--groups-probe', 'probe GET /Groups', true)
    .option('--no-groups-probe', 'do not probe GET /Groups')
    .option('--keep', 'do not delete the users at the end')
    .option('--rps <n>', 'at most this many requests per second', parseRate)
    .option('--json', 'print the report as JSON')
    .option('--no-progress', 'no progress bar');
  addAdminOptions(command).action((options: SimulateOptions) => simulate(context, options));
  addExamples(
    command,
    'cleanmail simulate --tenant Demo --users 1000',
    'cleanmail simulate --tenant Demo --users 1000 --seed 7 --scenario unassign',
    'CLEANMAIL_TOKEN=cm_… cleanmail simulate --tenant-url http://127.0.0.1:3000/api/v3/scim2 --dialect both',
  );
}

async function simulate(context: CommandContext, options: SimulateOptions): Promise<void> {
  const report =
    options.tenant === undefined
      ? await run(context, options, await givenCredentials(context, options))
      : await runWithOwnToken(context, options, options.tenant);
  if (options.json === true) printJson(context.terminal, report);
  else formatReport(report).forEach((line) => context.terminal.out(line));
  if (report.unexpectedCount > 0) {
    throw new CommandError(
      `${report.unexpectedCount} unexpected answers: Entra would stumble over them (see the report)`,
    );
  }
}

interface Credentials {
  readonly tenantUrl: string;
  readonly token: string;
}

async function givenCredentials(context: CommandContext, options: SimulateOptions): Promise<Credentials> {
  const environment = context.environment();
  const tenantUrl = options.tenantUrl ?? environment.tenantUrl;
  const token =
    options.tokenFile === undefined
      ? (options.token ?? environment.scimToken)
      : await readSecret(options.tokenFile, '--token-file');
  if (tenantUrl === undefined)
    throw usageError('no endpoint: give --tenant-url, or --tenant to use one of this service');
  if (token === undefined)
    throw usageError('no token: set CLEANMAIL_TOKEN, give --token-file, or --tenant to issue one');
  return { tenantUrl, token };
}

/** The token lives for a day at most, should this process die before it can revoke it. */
function runWithOwnToken(
  context: CommandContext,
  options: SimulateOptions,
  idOrName: string,
): Promise<SimulationReport> {
  return withAdmin(context, options, async (client) => {
    const tenant = await resolveTenant(client, idOrName);
    const issued = await client.issueToken(tenant.id, {
      description: 'cleanmail simulate',
      expiresAt: parseExpiry('1'),
      ...(tenant.profile === 'sendsafely' ? { serviceAccount: `simulate@${options.domain}` } : {}),
    });
    try {
      return await run(context, options, { tenantUrl: options.tenantUrl ?? issued.tenantUrl, token: issued.token });
    } finally {
      await client.revokeToken(tenant.id, issued.id);
    }
  });
}

async function run(context: CommandContext, options: SimulateOptions, to: Credentials): Promise<SimulationReport> {
  const bar = options.progress && context.terminal.isTty ? createProgressBar(process.stderr) : undefined;
  const signal = context.interruption();
  const simulation: SimulationOptions = {
    ...to,
    users: options.users,
    concurrency: options.concurrency,
    dialect: options.dialect,
    scenario: options.scenario,
    domain: options.domain,
    groupsProbe: options.groupsProbe,
    keep: options.keep === true,
    signal,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.rps === undefined ? {} : { requestsPerSecond: options.rps }),
    ...(bar === undefined ? {} : { onProgress: (progress) => bar.show(progress) }),
  };
  try {
    // Loaded for this command alone, as `conformance` does it.
    const { runSimulation } = await import('../simulate/run-simulation.js');
    return await runSimulation(simulation);
  } catch (error) {
    if (signal.aborted) throw new CommandError('interrupted: the users made so far were left behind');
    if (error instanceof SimulationOptionError) throw usageError(error.message);
    throw error;
  } finally {
    bar?.stop();
  }
}
