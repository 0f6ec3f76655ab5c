import { ValidateIf } from 'class-validator';

/** A field that a request may leave out; `null` is a value like any other and goes through the field's checks. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_request: object, value: unknown) => value !== undefined);
}
