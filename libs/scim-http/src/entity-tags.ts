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

function opaque(tag: string): string {
  const strong = tag.startsWith('W/') ? tag.slice(2) : tag;
  return strong.startsWith('"') && strong.endsWith('"') && strong.length >= 2 ? strong.slice(1, -1) : strong;
}
