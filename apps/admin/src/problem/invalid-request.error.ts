import type { ValidationError } from '@nestjs/common';
import type { FieldProblem } from './problem.js';

/** Fields of a body or a query that cannot be used, each named. */
export class InvalidRequestError extends Error {
  override readonly name = InvalidRequestError.name;

  constructor(readonly errors: readonly FieldProblem[]) {
    super(errors.map(({ field, messages }) => `${field}: ${messages.join(', ')}`).join('; '));
  }

  static of(errors: readonly ValidationError[]): InvalidRequestError {
    return new InvalidRequestError(errors.flatMap((error) => fieldProblems(error, '')));
  }
}

function fieldProblems(
  { property, constraints, children = [] }: ValidationError,
  path: string,
): readonly FieldProblem[] {
  const field = `${path}${property}`;
  const own = Object.entries(constraints ?? {}).map(([rule, message]) =>
    rule === 'whitelistValidation' ? `${property} is not a known field` : message,
  );
  return [
    ...(own.length === 0 ? [] : [{ field, messages: own }]),
    ...children.flatMap((child) => fieldProblems(child, `${field}.`)),
  ];
}
