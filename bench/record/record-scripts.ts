import { basePath } from '../bare/answers.js';
import { noted, scimCall } from '../dataset/admin-calls.js';
import type { BenchConnection } from '../dataset/bench-connection.js';
import type { BenchRequest, Operation } from '../operations/operation.js';
import type { World } from '../world.js';
import { compileScript, firstMark, isOnPath } from './compile-script.js';
import { inputsOf, kindsOf, type Script } from './script.js';
import { StatementTap, type TappedStatement } from './statement-tap.js';

/** A service in this process, and the world with a small tenant of its own in the place of the fresh one. */
export interface RecordingStage {
  readonly scimUrl: string;
  readonly connection: BenchConnection;
  readonly world: World;
}

/** A script with what the service really sent and answered. */
export interface Recording {
  readonly script: Script;
  readonly request: BenchRequest;
  readonly statements: readonly TappedStatement[];
  readonly answer: string;
}

/** So often is an operation tried until two recordings in a row agree. */
const mostTries = 8;
const mostTurns = 400;

/**
 * Sends requests of the operations to a service in this process and makes scripts of the statements that it sends.
 * @throws when an operation does not send the same kinds of statements twice.
 */
export async function recordScripts(
  stage: RecordingStage,
  operations: readonly Operation[],
): Promise<readonly Recording[]> {
  const { connection, world } = stage;
  await mark(connection, world.scratch.id);
  const tap = new StatementTap();
  try {
    const recordings: Recording[] = [];
    for (const operation of operations) {
      const turns = new Turns(operation, world);
      for (const script of operation.scripts) {
        const isKnown = recordings.some((recording) => recording.script.operation === script);
        if (!isKnown) recordings.push(await recordOne(stage, tap, turns, script));
      }
    }
    return recordings;
  } finally {
    tap.remove();
  }
}

/** The requests of an operation, one after the other. */
class Turns {
  private sequence = 0;

  constructor(
    private readonly operation: Operation,
    private readonly world: World,
  ) {}

  next(script: string): BenchRequest {
    for (let tried = 0; tried < mostTurns; tried += 1) {
      const request = this.operation.request({ world: this.world, side: 'ours', sequence: this.sequence });
      this.sequence += 1;
      if (request?.script === script) return request;
    }
    throw new Error(`${this.operation.name} makes no request for the script ${script}`);
  }
}

async function recordOne(stage: RecordingStage, tap: StatementTap, turns: Turns, script: string): Promise<Recording> {
  let before: Recording | undefined;
  for (let tried = 0; tried < mostTries; tried += 1) {
    const recording = await record(stage, tap, turns.next(script));
    if (before !== undefined && haveSameKinds(before, recording)) return recording;
    before = recording;
  }
  throw new Error(`${script}: the service does not send the same statements twice`);
}

function haveSameKinds(left: Recording, right: Recording): boolean {
  return kindsOf(left.script.statements).join() === kindsOf(right.script.statements).join();
}

async function record({ scimUrl }: RecordingStage, tap: StatementTap, request: BenchRequest): Promise<Recording> {
  const { method, path, body, headers, status, tenant, script: operation } = request;
  const at = Date.now();
  const sent = { method, url: `${scimUrl}${basePath}${path}`, token: tenant.token };
  tap.start();
  const { text } = await scimCall(
    { ...sent, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) },
    status,
  );
  const isWrite = method !== 'GET';
  const statements = tap.stop().filter(({ sql }) => isOnPath(sql, { isWrite }));
  await noted();
  const inputs = inputsOf(`${basePath}${path}`, body === undefined ? '' : JSON.stringify(body));
  const answered = text === '' ? {} : (JSON.parse(text) as { readonly id?: string });
  const script = compileScript(statements, {
    operation,
    isWrite,
    tenant: tenant.id,
    domain: tenant.domain,
    tokenId: tenant.tokenId,
    inputs,
    at,
    ...(answered.id === undefined ? {} : { answeredId: answered.id }),
  });
  return { script, request, statements, answer: text };
}

/** Puts numbers into the rows that tell, when a statement has one of them, from which column it came. */
async function mark(connection: BenchConnection, tenant: string): Promise<void> {
  const marks = [
    ['scim_user', 'version'],
    ['mailbox_account', 'row_version'],
    ['tenant_mail_counter', 'feed_version'],
  ] as const;
  for (const [index, [table, column]] of marks.entries()) {
    await connection.run(`UPDATE ${table} SET ${column} = ? WHERE tenant_id = ?`, [
      firstMark + index * 100_000,
      tenant,
    ]);
  }
}
