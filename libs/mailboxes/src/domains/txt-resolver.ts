/** What the DNS says about the TXT records of a name. A failure is one that may be over in a minute. */
export type TxtAnswer =
  | { readonly kind: 'records'; readonly records: readonly string[] }
  | { readonly kind: 'none'; readonly reason: 'no such name' | 'no TXT record' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Asks the DNS for TXT records. Provide another one in a test, or where the DNS is reached by another way. */
export abstract class TxtResolver {
  /** Never throws: whatever a server does is an answer. */
  abstract lookUp(name: string): Promise<TxtAnswer>;
}
