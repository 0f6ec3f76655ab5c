/** One thing that is wrong with a schema document: where (`attributes[2].type`) and what, in words that continue it. */
export interface SchemaIssue {
  readonly path: string;
  readonly problem: string;
}

const SHOWN = 10;

/** What a schema document breaks, all of it; the message names the first ten issues. */
abstract class SchemaIssuesError extends Error {
  constructor(
    opening: string,
    readonly issues: readonly SchemaIssue[],
    remedy = '',
  ) {
    const shown = issues.slice(0, SHOWN).map(({ path, problem }) => `${path} ${problem}`);
    const more = issues.length > SHOWN ? `; and ${issues.length - SHOWN} more` : '';
    super(`${opening}${shown.join('; ')}${more}.${remedy}`);
  }
}

/** A document that is no extension schema of this server (RFC 7643 section 7). */
export class InvalidSchemaError extends SchemaIssuesError {
  override readonly name = InvalidSchemaError.name;
  readonly code = 'invalid_schema';

  constructor(issues: readonly SchemaIssue[]) {
    super('', issues);
  }
}

/** A new version of a schema under which stored values would change their meaning. */
export class IncompatibleSchemaError extends SchemaIssuesError {
  override readonly name = IncompatibleSchemaError.name;
  readonly code = 'incompatible_schema';

  constructor(urn: string, issues: readonly SchemaIssue[]) {
    const remedy =
      ' Keep what is registered and add attributes beside it, or register the changed schema under another URN.';
    super(`Values may be stored under ${urn}, and would change their meaning: `, issues, remedy);
  }
}

/** Collects what is wrong with a document, so that one error can name all of it. */
export class SchemaIssues {
  readonly found: SchemaIssue[] = [];

  add(path: string, problem: string): void {
    this.found.push({ path, problem });
  }

  /** @throws InvalidSchemaError when there is any issue. */
  throwIfInvalid(): void {
    if (this.found.length > 0) {
      throw new InvalidSchemaError(this.found);
    }
  }
}
