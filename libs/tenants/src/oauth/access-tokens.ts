import { createSecretKey, hkdfSync } from 'node:crypto';
import { newId, type TenantId } from '@cleanmail/database';
import { Inject, Injectable } from '@nestjs/common';
import { jwtVerify, SignJWT } from 'jose';
import { TOKEN_PEPPER } from '../token-pepper.js';

/** What an access token says: for which tenant it was issued, and by which of its secret tokens. */
export interface AccessClaims {
  readonly tenant: TenantId;
  /** Public id of the secret token, with which the access token ends. */
  readonly publicId: string;
}

const algorithm = 'HS256';
const type = 'at+jwt';
const issuer = 'cleanmail-provisioning';
const label = 'cleanmail oauth access token 1';
/** What is longer is none of ours, and not looked into. */
const mostCharacters = 1024;

/**
 * Access tokens as signed JWTs (RFC 9068) under a key derived from the pepper, so that every node reads those of the
 * others and nothing is stored. `aud` is the base path of the service for which a token is good.
 */
@Injectable()
export class AccessTokens {
  private readonly key;

  constructor(@Inject(TOKEN_PEPPER) pepper: string) {
    this.key = createSecretKey(Buffer.from(hkdfSync('sha256', pepper, '', label, 32)));
  }

  /** Signs a token that lives so many seconds from now. */
  sign({ tenant, publicId }: AccessClaims, basePath: string, seconds: number): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ client_id: tenant, secret_id: publicId })
      .setProtectedHeader({ alg: algorithm, typ: type })
      .setIssuer(issuer)
      .setSubject(tenant)
      .setAudience(basePath)
      .setJti(newId())
      .setIssuedAt(now)
      .setExpirationTime(now + seconds)
      .sign(this.key);
  }

  /** The claims of a token that is ours, for this base path, and has not expired; undefined for every other text. */
  async read(text: string, basePath: string): Promise<AccessClaims | undefined> {
    if (text.length > mostCharacters) {
      return undefined;
    }
    try {
      const { payload } = await jwtVerify(text, this.key, {
        algorithms: [algorithm],
        typ: type,
        issuer,
        audience: basePath,
        requiredClaims: ['sub', 'exp', 'iat', 'jti'],
        currentDate: new Date(Date.now()),
      });
      const { sub, secret_id: publicId } = payload;
      return typeof publicId === 'string' ? { tenant: sub as TenantId, publicId } : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Whether a bearer credential can only be an access token: a JWT begins with `{"`, and has no colon. */
export function hasAccessTokenForm(credential: string): boolean {
  return credential.startsWith('eyJ') && !credential.includes(':');
}
