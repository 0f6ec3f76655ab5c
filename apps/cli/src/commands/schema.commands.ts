import { type Command, Option } from 'commander';

import {
  type ExtensionSchema,
  extensibleTypes,
  type NewSchema,
  type SchemaSummary,
} from '../admin-client/admin-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import type { Column } from '../terminal/table.js';
import { formatFields } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { confirm } from './confirmation.js';
import { addExamples } from './examples.js';
import { printJson, printList } from './output.js';
import { readDocument } from './schema-document.js';

type SchemaOptions = AdminOptions & OutputOptions;

interface WriteOptions extends SchemaOptions {
  readonly resourceType?: NewSchema['resourceType'];
  readonly required?: true;
}

const exampleUrn = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User';

const columns: readonly Column<SchemaSummary>[] = [
  { heading: 'URN', cell: (row) => row.id },
  { heading: 'NAME', cell: (row) => row.name },
  { heading: 'EXTENDS', cell: (row) => row.resourceType },
  { heading: 'REQUIRED', cell: (row) => (row.required ? 'yes' : 'no') },
  { heading: 'ATTRIBUTES', cell: (row) => row.attributes.length },
];

/** `cleanmail schema …`: the extension schemas of a tenant. */
export function addSchemaCommands(program: Command, context: CommandContext): void {
  const schema = program
    .command('schema')
    .description('extension schemas of a tenant: attributes of its own (RFC 7643)');
  addList(schema, context);
  addShow(schema, context);
  addAdd(schema, context);
  addReplace(schema, context);
  addRemove(schema, context);
}

function addList(schema: Command, context: CommandContext): void {
  const command = schema
    .command('list')
    .description('list the extension schemas of a tenant')
    .argument('<tenant>', 'id or exact name');
  addJson(addAdminOptions(command)).action(async (idOrName: string, options: SchemaOptions) => {
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      const empty = 'No schema of its own: "cleanmail schema add <tenant> <file>" registers one.';
      await printList(context.terminal, client.schemas(tenant.id), { ...options, empty }, columns);
    });
  });
  addExamples(command, 'cleanmail schema list "Contoso AG"');
}

function addShow(schema: Command, context: CommandContext): void {
  const command = schema
    .command('show')
    .description('print the document of an extension schema, as a file for "schema replace"; --json prints all of it')
    .argument('<tenant>', 'id or exact name')
    .argument('<urn>', 'URN of the schema (see "schema list")');
  addJson(addAdminOptions(command)).action(async (idOrName: string, urn: string, options: SchemaOptions) => {
    const found = await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      return client.schema(tenant.id, urn);
    });
    printJson(context.terminal, options.json === true ? found : found.schema);
  });
  addExamples(command, `cleanmail schema show "Contoso AG" ${exampleUrn} > contoso.json`);
}

function addAdd(schema: Command, context: CommandContext): void {
  const command = schema
    .command('add')
    .description('register an extension schema; its attributes are accepted within a second')
    .argument('<tenant>', 'id or exact name')
    .argument('<file>', 'the schema as JSON (RFC 7643 section 7); - reads standard input')
    .addOption(
      new Option('--resource-type <type>', 'what it extends').choices([...extensibleTypes]).default(extensibleTypes[0]),
    )
    .option('--required', 'refuse users or groups that are created or replaced without it');
  addJson(addAdminOptions(command)).action(async (idOrName: string, file: string, options: WriteOptions) => {
    const { resourceType = 'User', required = false } = options;
    const document = await readDocument(file);
    const added = await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      return client.addSchema(tenant.id, { resourceType, required, schema: document });
    });
    printSchema(context.terminal, added, options);
  });
  addExamples(
    command,
    'cleanmail schema add "Contoso AG" contoso.json',
    'cleanmail schema add "Contoso AG" - --resource-type Group --required < team.json',
  );
}

function addReplace(schema: Command, context: CommandContext): void {
  const command = schema
    .command('replace')
    .description('replace an extension schema by a version that adds attributes or describes them otherwise')
    .argument('<tenant>', 'id or exact name')
    .argument('<urn>', 'URN of the schema (see "schema list")')
    .argument('<file>', 'the whole schema as JSON; - reads standard input')
    .option('--required', 'refuse users or groups that are created or replaced without it')
    .option('--no-required', 'accept them without it (default: as it was)');
  addJson(addAdminOptions(command)).action(
    async (idOrName: string, urn: string, file: string, options: SchemaOptions & { readonly required?: boolean }) => {
      const document = await readDocument(file);
      const replaced = await withAdmin(context, options, async (client) => {
        const tenant = await resolveTenant(client, idOrName);
        const { resourceType, required } = await client.schema(tenant.id, urn);
        const body = { resourceType, required: options.required ?? required, schema: document };
        return client.replaceSchema(tenant.id, urn, body);
      });
      printSchema(context.terminal, replaced, options);
    },
  );
  addExamples(command, `cleanmail schema replace "Contoso AG" ${exampleUrn} contoso.json`);
}

function addRemove(schema: Command, context: CommandContext): void {
  const command = schema
    .command('remove')
    .description('retire an extension schema; stored values are kept, and are back when it is added again')
    .argument('<tenant>', 'id or exact name')
    .argument('<urn>', 'URN of the schema (see "schema list")')
    .option('--yes', 'do not ask');
  addAdminOptions(command).action(async (idOrName: string, urn: string, options: AdminOptions & { yes?: true }) => {
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      await confirm(context.terminal, `remove the schema ${urn} of "${tenant.name}"`, options.yes === true);
      await client.removeSchema(tenant.id, urn);
      context.terminal.err(`${urn} is removed; what is stored under it is kept and no longer shown.`);
    });
  });
  addExamples(command, `cleanmail schema remove "Contoso AG" ${exampleUrn} --yes`);
}

function addJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

function printSchema(terminal: Terminal, schema: ExtensionSchema, options: OutputOptions): void {
  if (options.json === true) {
    printJson(terminal, schema);
    return;
  }
  formatFields({
    URN: schema.id,
    name: schema.name,
    extends: schema.resourceType,
    required: schema.required ? 'yes' : 'no',
    attributes: schema.attributes.join(', '),
  }).forEach((line) => terminal.out(line));
}
