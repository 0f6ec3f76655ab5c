/**
 * The ways in which identity providers are known to speak SCIM. Entra has two, see its flag `aadOptscim062020`;
 * `generic` is a client that is none of the known ones.
 */
export const providerDialects = [
  'entra',
  'entra-scim062020',
  'okta',
  'onelogin',
  'google',
  'jumpcloud',
  'generic',
] as const;

/** The name of a dialect. */
export type ProviderDialect = (typeof providerDialects)[number];

/** What of a request can tell whose it is. `body` is JSON as it was parsed, `query` the decoded parameters. */
export interface ShownRequest {
  readonly method: string;
  readonly userAgent?: string | undefined;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** A dialect that a request shows, and by what, in words of our own: evidence never quotes a request. */
export interface DialectSign {
  readonly dialect: ProviderDialect;
  readonly evidence: string;
}
