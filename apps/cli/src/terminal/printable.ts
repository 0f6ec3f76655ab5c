/** Replaces control characters, so that a provisioned name cannot move the cursor or forge a line of output. */
export function printable(text: string): string {
  return Array.from(text, (character) => (isControl(character.codePointAt(0) ?? 0) ? '\u{FFFD}' : character)).join('');
}

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
}
