/** Whether the text has no half of a surrogate pair, so that it can be encoded in UTF-8. */
export function isWellFormed(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0xd800 || code > 0xdfff) {
      continue;
    }
    const next = text.charCodeAt(index + 1);
    if (code > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) {
      return false;
    }
    index += 1;
  }
  return true;
}
