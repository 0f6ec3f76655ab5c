/** Whether an entity tag satisfies the value of an If-Match or If-None-Match header. */
export type EntityTagTest = (entityTag: string) => boolean;

/**
 * Reads If-Match or If-None-Match (RFC 9110 sections 13.1.1 and 13.1.2). Versions are weak tags, and RFC 7644 compares
 * them all the same, so `W/"3"` and `"3"` are one. Undefined when the header is absent.
 */
export function entityTagTest(header: string | undefined): EntityTagTest | undefined {
  if (header === undefined) {
    return undefined;
  }
  const wanted = header.split(',').map((tag) => tag.trim());
  return wanted.includes('*') ? () => true : (entityTag) => wanted.some((tag) => opaque(tag) === opaque(entityTag));
}

/**
 * What a writing request demands of the version that it changes: one that If-Match names, and none that If-None-Match
 * names. Undefined when it has neither.
 */
export function writeCondition(headers: {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}): EntityTagTest | undefined {
  const isWanted = entityTagTest(headers['if-match']);
  const isUnwanted = entityTagTest(headers['if-none-match']);
  if (isWanted === undefined && isUnwanted === undefined) {
    return undefined;
  }
  return (entityTag) => isWanted?.(entityTag) !== false && isUnwanted?.(entityTag) !== true;
}

function opaque(tag: string): string {
  const strong = tag.startsWith('W/') ? tag.slice(2) : tag;
  return strong.startsWith('"') && strong.endsWith('"') && strong.length >= 2 ? strong.slice(1, -1) : strong;
}
