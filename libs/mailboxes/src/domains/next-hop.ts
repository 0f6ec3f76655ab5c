/** A domain's next hop as Postfix's transport maps have it: without a transport in front it would take the host for one. */
export function transportOf(nextHop: string): string {
  return /^[a-z][a-z0-9-]*:/.test(nextHop) ? nextHop : `relay:${nextHop}`;
}
