import { matchesOf } from '../record/compile-script.js';
import type { Script, ScriptStatement } from '../record/script.js';
import type { Results, Value } from '../record/statement-tap.js';
import { bindersOf, type ReplayContext } from './bindings.js';

/** Sends the statements of scripts over one kind of driver. */
export interface Replayer {
  /** Runs a script and leaves what its statements gave in `context.results`. */
  run(script: PreparedScript, context: ReplayContext): Promise<void>;
  /** The rows of one prepared statement. */
  rows(sql: string, values: readonly Value[]): Promise<Results[number]>;
  close(): Promise<void>;
}

/** A script whose functions have been made. */
export interface PreparedScript extends Script {
  readonly steps: readonly PreparedStatement[];
}

export interface PreparedStatement extends ScriptStatement {
  readonly valuesOf: (context: ReplayContext) => Value[];
  /** One statement can be prepared, whatever the service did with it; a text of several cannot. */
  readonly isExecuted: boolean;
}

const control = /^\s*(START TRANSACTION|BEGIN|COMMIT|ROLLBACK)/i;

export function prepareScript(script: Script): PreparedScript {
  const steps = script.statements.map((statement) => ({
    ...statement,
    valuesOf: bindersOf(statement),
    isExecuted: statement.isPrepared || (!control.test(statement.sql) && !statement.sql.includes(';')),
  }));
  return { ...script, steps };
}

/** @throws when a write met no row where the recorded one did, or the other way round: the work would not be the same. */
export function requireSameMatches({ matches, sql }: ScriptStatement, results: Results): void {
  const met = matchesOf(results);
  if (matches.some((match, index) => match !== met[index])) {
    throw new Error(`a statement met other rows than the recorded one: ${sql.slice(0, 200)}`);
  }
}
