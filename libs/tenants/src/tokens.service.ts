import { Database, newId, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail } from '@cleanmail/journal';
import { Inject, Injectable } from '@nestjs/common';
import { generateToken, tokenHash } from './secret-token.js';
import { serviceProfiles } from './service-profile.js';
import type { Tenant } from './tenant.js';
import { InvalidTokenRequestError, TokenEndedError, TokenNotFoundError } from './tenants.errors.js';
import { TenantsService } from './tenants.service.js';
import { isLive, type Token } from './token.js';
import { TokenCache } from './token-cache.js';
import { TOKEN_PEPPER } from './token-pepper.js';
import { TokenRepository } from './token.repository.js';

/** What support staff ask for. `expiresAt` in milliseconds since 1970, UTC. */
export interface TokenRequest {
  readonly description?: string;
  readonly expiresAt?: number;
  readonly serviceAccount?: string;
}

/** A token with its credential as it is pasted into Entra: the only time that the secret is seen. */
export interface IssuedToken extends Token {
  readonly credential: string;
}

const defaultOverlapSeconds = 24 * 3600;

/** Secret tokens of tenants: several may be live at once, so that a rotation interrupts nothing. */
@Injectable()
export class TokensService {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantsService,
    private readonly tokens: TokenRepository,
    private readonly cache: TokenCache,
    private readonly audit: AuditTrail,
    @Inject(TOKEN_PEPPER) private readonly pepper: string,
  ) {}

  /** @throws TenantNotFoundError; InvalidTokenRequestError for a time that has passed or an account out of place. */
  async issue(tenantId: TenantId, actor: Actor, request: TokenRequest): Promise<IssuedToken> {
    const tenant = await this.tenants.get(tenantId);
    if (request.expiresAt !== undefined && request.expiresAt <= Date.now()) {
      throw new InvalidTokenRequestError('expiresAt lies in the past; give a time to come.');
    }
    const { token, secretHash } = this.make(actor, {
      description: request.description ?? null,
      serviceAccount: serviceAccount(tenant, request.serviceAccount, tenant.domains[0]?.nameAscii),
      expiresAt: request.expiresAt ?? null,
    });
    await this.database.write(async (session) => {
      await this.tokens.insert(tenantId, session, token, secretHash);
      await this.audit.record(tenantId, session, actor, { action: 'token.issue', target: token.id });
    });
    return token;
  }

  /** @throws TenantNotFoundError */
  async list(tenant: TenantId, page: { readonly after?: string; readonly limit: number }): Promise<readonly Token[]> {
    await this.tenants.require(tenant);
    return this.database.read((session) => this.tokens.list(tenant, session, page));
  }

  /** Tokens by their ids, ended ones too; what the tenant does not have is left out. */
  async known(tenant: TenantId, ids: readonly string[]): Promise<ReadonlyMap<string, Token>> {
    const tokens = await this.database.read((session) => this.tokens.findMany(tenant, session, ids));
    return new Map(tokens.map((token) => [token.id, token]));
  }

  /** Ends a token at once; ending it again changes nothing. @throws TenantNotFoundError, TokenNotFoundError */
  async revoke(tenant: TenantId, actor: Actor, id: string): Promise<void> {
    await this.tenants.require(tenant);
    await this.database.write(async (session) => {
      const token = await this.tokens.find(tenant, session, id);
      if (token === undefined) {
        throw new TokenNotFoundError(id);
      }
      await this.tokens.endAt(tenant, session, id, Date.now());
      await this.audit.record(tenant, session, actor, { action: 'token.revoke', target: id });
    });
    this.cache.clear();
  }

  /**
   * Issues a successor with the same traits; the old token lives on for the overlap, in seconds (a day by default).
   * @throws TenantNotFoundError, TokenNotFoundError, TokenEndedError
   */
  async rotate(
    tenant: TenantId,
    actor: Actor,
    id: string,
    overlapSeconds: number = defaultOverlapSeconds,
  ): Promise<IssuedToken> {
    await this.tenants.require(tenant);
    const now = Date.now();
    const issued = await this.database.write(async (session) => {
      const old = await this.tokens.find(tenant, session, id);
      if (old === undefined) {
        throw new TokenNotFoundError(id);
      }
      if (!isLive(old, now)) {
        throw new TokenEndedError();
      }
      const lifetime = old.expiresAt === null ? null : now + (old.expiresAt - old.createdAt);
      const { token, secretHash } = this.make(actor, { ...old, expiresAt: lifetime });
      await this.tokens.insert(tenant, session, token, secretHash);
      await this.tokens.endAt(tenant, session, id, now + overlapSeconds * 1000);
      const details = { successor: token.id, overlapSeconds };
      await this.audit.record(tenant, session, actor, { action: 'token.rotate', target: id, details });
      return token;
    });
    this.cache.clear();
    return issued;
  }

  private make(
    actor: Actor,
    traits: Pick<Token, 'description' | 'serviceAccount' | 'expiresAt'>,
  ): { token: IssuedToken; secretHash: string } {
    const { publicId, text } = generateToken();
    const token: IssuedToken = {
      id: newId(),
      publicId,
      description: traits.description,
      serviceAccount: traits.serviceAccount,
      createdAt: Date.now(),
      createdBy: actor.name.slice(0, 128),
      expiresAt: traits.expiresAt,
      revokedAt: null,
      lastUsedAt: null,
      credential: traits.serviceAccount === null ? text : `${traits.serviceAccount}:${text}`,
    };
    return { token, secretHash: tokenHash(text, this.pepper) };
  }
}

/** The user half of the credential, for services whose credential has one. */
function serviceAccount({ profile }: Tenant, given: string | undefined, domain: string | undefined): string | null {
  if (serviceProfiles[profile].credential === 'bare') {
    if (given !== undefined) {
      throw new InvalidTokenRequestError(`serviceAccount is not used by the profile ${profile}; leave it out.`);
    }
    return null;
  }
  if (given?.includes(':') === true) {
    throw new InvalidTokenRequestError('serviceAccount must not contain a colon: the token is split at the first one.');
  }
  return given ?? `scim-admin@${domain ?? 'sendsafely.com'}`;
}
