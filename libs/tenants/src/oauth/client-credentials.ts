import { Injectable } from '@nestjs/common';
import { isSameSecret } from '../secret-token.js';
import type { PresentedToken } from '../token.repository.js';
import { TokenVerifier } from '../token-verifier.js';
import { AccessTokens } from './access-tokens.js';

/** How a client says who it is: its tenant's id, and a secret token in each way in which it may be meant. */
export interface ClientAuthentication {
  readonly clientId: string;
  readonly secrets: readonly string[];
}

/** An access token and how many seconds it lives. */
export interface AccessGrant {
  readonly accessToken: string;
  readonly expiresIn: number;
}

/** The client credentials grant (RFC 6749 section 4.4): every live secret token of a tenant is a client secret. */
@Injectable()
export class ClientCredentials {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly accessTokens: AccessTokens,
  ) {}

  /**
   * An access token for the service at this base path, of at most so many seconds and none after the end of its
   * secret; undefined for credentials that open nothing there, without telling why.
   */
  async grant(
    { clientId, secrets }: ClientAuthentication,
    basePath: string,
    seconds: number,
  ): Promise<AccessGrant | undefined> {
    for (const secret of secrets) {
      const token = await this.verifier.findSecret(secret, basePath);
      if (token !== undefined && isSameSecret(token.tenant, clientId)) {
        const expiresIn = Math.min(seconds, secondsLeft(token));
        return { accessToken: await this.accessTokens.sign(token, basePath, expiresIn), expiresIn };
      }
    }
    return undefined;
  }
}

function secondsLeft({ expiresAt, revokedAt }: PresentedToken): number {
  const end = Math.min(expiresAt ?? Infinity, revokedAt ?? Infinity);
  return Math.ceil((end - Date.now()) / 1000);
}
