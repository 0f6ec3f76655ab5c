/** Values for the `{name}` marks in a case's path, headers and body. */
export type PlaceholderValues = ReadonlyMap<string, string>;

/** A name, or `base64(name:name)`. */
const MARK = /\{([A-Za-z][A-Za-z0-9]*(?:\([A-Za-z:]+\))?)\}/g;

/** Fills a path; every value is percent-encoded. Throws when a mark has no value. */
export function fillPath(path: string, values: PlaceholderValues): string {
  return path.replaceAll(MARK, (_mark, name: string) => encodeURIComponent(valueOf(name, values)));
}

/** Fills a header value as it stands. Throws when a mark has no value. */
export function fillText(text: string, values: PlaceholderValues): string {
  return text.replaceAll(MARK, (_mark, name: string) => valueOf(name, values));
}

/** Fills every string inside a body; a body that is a plain string goes on the wire untouched. */
export function fillBody(body: unknown, values: PlaceholderValues): unknown {
  return typeof body === 'string' ? body : fillDeep(body, values);
}

/** Whether a mark occurs anywhere in the text. */
export function mentions(text: string, ...names: readonly string[]): boolean {
  return names.some((name) => text.includes(`{${name}}`));
}

function fillDeep(value: unknown, values: PlaceholderValues): unknown {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((element) => fillDeep(element, values));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fillDeep(member, values)]));
}

function valueOf(name: string, values: PlaceholderValues): string {
  const value = values.get(name);
  if (value === undefined) throw new Error(`the case needs a value for {${name}} that its set-up does not give`);
  return value;
}
