import type { Command } from 'commander';

import type { IssuedToken } from '../admin-client/admin-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { formatFields } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { confirm } from './confirmation.js';
import { addExamples } from './examples.js';
import { parseExpiry, parseWholeNumber } from './option-values.js';
import { printJson, printList } from './output.js';

interface SecretOptions extends AdminOptions, OutputOptions {
  readonly quiet?: true;
}

interface IssueOptions extends SecretOptions {
  readonly description?: string;
  readonly expires?: string;
  readonly serviceAccount?: string;
}

/** `cleanmail token …`: the secret tokens of a tenant. */
export function addTokenCommands(program: Command, context: CommandContext): void {
  const token = program.command('token').description('issue, list, rotate and revoke secret tokens');
  addIssue(token, context);
  addList(token, context);
  addRotate(token, context);
  addRevoke(token, context);
}

function addIssue(token: Command, context: CommandContext): void {
  const command = token
    .command('issue')
    .description('issue a secret token; it is shown this once')
    .argument('<tenant>', 'id or exact name')
    .option('--description <text>', 'what the token is for')
    .option('--expires <days|instant>', 'days from now, or an ISO 8601 instant', (text: string) => parseExpiry(text))
    .option('--service-account <user@host>', 'service account in front of the key (SendSafely profile)');
  addSecretOptions(command).action(async (idOrName: string, options: IssueOptions) => {
    const { description, expires: expiresAt, serviceAccount } = options;
    const issued = await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      return client.issueToken(tenant.id, {
        ...(description === undefined ? {} : { description }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(serviceAccount === undefined ? {} : { serviceAccount }),
      });
    });
    printIssued(context.terminal, issued, options);
  });
  addExamples(
    command,
    'cleanmail token issue "Contoso AG" --description "Entra job" --expires 365',
    'TOKEN=$(npx cleanmail token issue Demo --quiet)',
  );
}

function addList(token: Command, context: CommandContext): void {
  const command = token
    .command('list')
    .description('list the tokens of a tenant, without their secrets')
    .argument('<tenant>', 'id or exact name')
    .option('--json', 'print JSON');
  addAdminOptions(command).action(async (idOrName: string, options: AdminOptions & OutputOptions) => {
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      const empty = 'No token: "cleanmail token issue <tenant>" makes one.';
      await printList(context.terminal, client.tokens(tenant.id), { ...options, empty }, [
        { heading: 'ID', cell: (row) => row.id },
        { heading: 'PREFIX', cell: (row) => row.prefix },
        { heading: 'STATUS', cell: (row) => row.status },
        { heading: 'EXPIRES', cell: (row) => row.expiresAt ?? 'never' },
        { heading: 'LAST USED', cell: (row) => row.lastUsedAt ?? 'never' },
        { heading: 'DESCRIPTION', cell: (row) => row.description },
      ]);
    });
  });
  addExamples(command, 'cleanmail token list "Contoso AG"');
}

function addRotate(token: Command, context: CommandContext): void {
  const command = token
    .command('rotate')
    .description('issue a successor of a token; the old one lives on for the overlap')
    .argument('<tenant>', 'id or exact name')
    .argument('<token-id>', 'id of the token (see "token list")')
    .option('--overlap <seconds>', 'how long the old token still works', parseWholeNumber);
  addSecretOptions(command).action(
    async (idOrName: string, tokenId: string, options: SecretOptions & { overlap?: number }) => {
      const issued = await withAdmin(context, options, async (client) => {
        const tenant = await resolveTenant(client, idOrName);
        return client.rotateToken(tenant.id, tokenId, options.overlap);
      });
      printIssued(context.terminal, issued, options);
    },
  );
  addExamples(command, 'cleanmail token rotate "Contoso AG" 0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a11 --overlap 86400');
}

function addRevoke(token: Command, context: CommandContext): void {
  const command = token
    .command('revoke')
    .description('revoke a token at once')
    .argument('<tenant>', 'id or exact name')
    .argument('<token-id>', 'id of the token (see "token list")')
    .option('--yes', 'do not ask');
  addAdminOptions(command).action(async (idOrName: string, tokenId: string, options: AdminOptions & { yes?: true }) => {
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      await confirm(context.terminal, `revoke token ${tokenId} of "${tenant.name}"`, options.yes === true);
      await client.revokeToken(tenant.id, tokenId);
      context.terminal.err(`Token ${tokenId} is revoked.`);
    });
  });
  addExamples(command, 'cleanmail token revoke "Contoso AG" 0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a11 --yes');
}

function addSecretOptions(command: Command): Command {
  return addAdminOptions(command).option('--quiet', 'print the token and nothing else').option('--json', 'print JSON');
}

function printIssued(terminal: Terminal, issued: IssuedToken, options: SecretOptions): void {
  if (options.quiet === true) {
    terminal.out(issued.token);
    return;
  }
  if (options.json === true) {
    printJson(terminal, issued);
    return;
  }
  formatFields({
    'tenant URL': issued.tenantUrl,
    'secret token': issued.token,
    'token endpoint': issued.tokenEndpoint,
    'client ID': issued.clientId,
    id: issued.id,
    expires: issued.expiresAt ?? 'never',
  }).forEach((line) => terminal.out(line));
  terminal.err(
    'The secret token is not shown again: paste it into Entra now (Provisioning, Admin Credentials). With OAuth client credentials it is the client secret.',
  );
}
