/** One wrong variable: its name, what is wrong with it, and a value that would do. */
export interface ConfigurationIssue {
  readonly variable: string;
  readonly problem: string;
  readonly example: string;
}

/** The environment cannot be used; the message is one line a person can act on. */
export class ConfigurationError extends Error {
  override readonly name = ConfigurationError.name;

  constructor(readonly issues: readonly ConfigurationIssue[]) {
    super(
      issues
        .map(({ variable, problem, example }) => `${variable}: ${problem}. Example: ${variable}=${example}`)
        .join('; '),
    );
  }
}
