import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-http-bearer';
import type { Principal, TokenVerifier } from './token-verifier.js';

/** What the strategy is given of a request: only its headers, so that a token in a query or a body is never looked at. */
export interface CredentialRequest {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly basePath: string;
  /** The guard's own: strategies are kept by name for the whole process, in which more than one service may run. */
  readonly verifier: TokenVerifier;
}

/** The passport strategy of secret tokens, by the name under which the guard asks for it. */
export const strategyName = 'secret-token';

/** RFC 6750 bearer tokens: the scheme's name in any case, the token as it was issued. */
@Injectable()
export class TokenStrategy extends PassportStrategy(Strategy, strategyName) {
  constructor() {
    super({ passReqToCallback: true });
  }

  async validate({ verifier, basePath }: CredentialRequest, credential: string): Promise<Principal | false> {
    return (await verifier.verify(credential, basePath)) ?? false;
  }
}
