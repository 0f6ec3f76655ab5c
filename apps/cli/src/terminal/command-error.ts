/** Exit codes of the command; scripts rely on them. */
export const ExitCode = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  unavailable: 5,
} as const;

/** One of the documented exit codes. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Ends a command with one line on the terminal and an exit code; the message names the remedy. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = ExitCode.failure,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}

/** A command that was called wrongly: exit code 2. */
export function usageError(message: string): CommandError {
  return new CommandError(message, ExitCode.usage);
}
