/** A resource as it is answered, with what its headers say even when the client asked for no `meta`; without a body it is 204. */
export class ResourceReply {
  constructor(
    readonly body: unknown,
    readonly entityTag: string,
    readonly location: string,
  ) {}
}
