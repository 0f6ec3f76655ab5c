import type { Exchange } from '../../client/http-exchange.js';
import type { PatchOperation, PatchRequest, ScimUser } from '../../client/scim-types.js';
import type { EntraCase } from '../cases.js';
import type { World } from '../world.js';

/** A request of a case with every placeholder filled; `path` is complete, base path included. */
export interface ResolvedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What an assertion may look at after a request of a case was answered. */
export class CheckContext {
  constructor(
    readonly world: World,
    readonly entraCase: EntraCase,
    readonly request: ResolvedRequest,
    /** All answers; more than one when the case sends its request several times. */
    readonly answers: readonly Exchange[],
  ) {}

  get answer(): Exchange {
    const [first] = this.answers;
    if (first === undefined) throw new Error(`${this.entraCase.id} was not sent`);
    return first;
  }

  get tenant(): World['tenant'] {
    return this.world.tenant;
  }

  /** The subject before the request. */
  get before(): ScimUser {
    return this.world.subjectBefore();
  }

  /** The answered User. */
  get user(): ScimUser {
    return this.answer.body as ScimUser;
  }

  /** The body as it was sent, for requests that send an object. */
  get sent(): Readonly<Record<string, unknown>> {
    return this.request.body as Readonly<Record<string, unknown>>;
  }

  get operations(): readonly PatchOperation[] {
    return (this.request.body as PatchRequest).Operations;
  }

  /** The subject as a GET by id shows it now. */
  async now(): Promise<ScimUser> {
    return this.world.readSubject();
  }

  /** Sends the case's request once more, with other parts where given. */
  async again(changes: Partial<ResolvedRequest> = {}): Promise<Exchange> {
    const { method, path, headers, body } = { ...this.request, ...changes };
    return this.tenant.sendRaw(method, path, { headers, body });
  }
}

/** Asserts one check sentence. */
export type Check = (context: CheckContext) => void | Promise<void>;

/** Assertions by the exact sentence of the fixture. */
export type CheckTable = Readonly<Record<string, Check>>;
