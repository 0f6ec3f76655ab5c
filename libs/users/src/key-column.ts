import { foldCase, ScimError, type ScimValue } from '@cleanmail/scim';

const longestKey = 640;

/** The value for a text column; NULL for what is no text. */
export function textColumn(value: ScimValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** The value for a column that compares without regard to case. Folding may lengthen a text; what would not fit its column is refused here, in words. */
export function keyColumn(value: ScimValue | undefined, attribute: string): string | null {
  const text = textColumn(value);
  const folded = text === null ? null : foldCase(text);
  if (folded !== null && folded.length > longestKey) {
    throw ScimError.invalidValue(`${attribute} is too long.`);
  }
  return folded;
}
