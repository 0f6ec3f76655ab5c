/** Where the SCIM listener of this deployment is reached; asked each time, because a free port is known only later. */
export abstract class ScimAddress {
  /** Scheme, host and port, without a slash at the end. */
  abstract readonly url: string;
}
