import { Database, type TenantId } from '@cleanmail/database';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { isSameSecret, publicIdOf, tokenHash } from './secret-token.js';
import { type ServiceProfile, serviceProfiles } from './service-profile.js';
import { isLive } from './token.js';
import { TenantProfiles } from './tenant-profiles.js';
import { TokenCache } from './token-cache.js';
import { TOKEN_PEPPER } from './token-pepper.js';
import { type PresentedToken, TokenRepository } from './token.repository.js';

/** Whom a request comes from: the tenant that its token belongs to, and that tenant's service with its own schemas. */
export interface Principal {
  readonly tenant: TenantId;
  readonly tokenId: string;
  readonly profile: ServiceProfile;
}

const touchInterval = 60_000;
const mostTouched = 100_000;

/** Tells whom a credential belongs to. */
@Injectable()
export class TokenVerifier {
  private readonly logger = new Logger(TokenVerifier.name);
  private readonly touched = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly tokens: TokenRepository,
    private readonly cache: TokenCache,
    private readonly profiles: TenantProfiles,
    @Inject(TOKEN_PEPPER) private readonly pepper: string,
  ) {}

  /**
   * The principal of a credential on the path of a service; undefined for everything that opens nothing there,
   * without telling why.
   */
  async verify(credential: string, basePath: string): Promise<Principal | undefined> {
    const colon = credential.indexOf(':');
    const text = credential.slice(colon + 1);
    const publicId = publicIdOf(text);
    if (publicId === undefined) {
      return undefined;
    }
    const hash = tokenHash(text, this.pepper);
    const token = await this.cache.get(hash, () =>
      this.database.read((session) => this.tokens.findByPublicId(session, publicId)),
    );
    const account = colon < 0 ? null : credential.slice(0, colon);
    if (token === undefined || !isSameSecret(token.secretHash, hash) || !opens(token, account, basePath)) {
      return undefined;
    }
    this.touch(token);
    return { tenant: token.tenant, tokenId: token.id, profile: await this.profiles.of(token) };
  }

  /** Notes when a token was last used, at most once a minute and never in the way of the request. */
  private touch({ tenant, id }: PresentedToken): void {
    const now = Date.now();
    if (now - (this.touched.get(id) ?? 0) < touchInterval) {
      return;
    }
    if (this.touched.size >= mostTouched) {
      this.touched.clear();
    }
    this.touched.set(id, now);
    this.database
      .read((session) => this.tokens.touch(tenant, session, id, now))
      .catch((error: unknown) => this.logger.warn(`last use of a token was not noted: ${(error as Error).name}`));
  }
}

function opens(token: PresentedToken, account: string | null, basePath: string): boolean {
  const profile = serviceProfiles[token.profile];
  const isRightAccount =
    profile.credential === 'account'
      ? isSameSecret(account ?? '', token.serviceAccount ?? '') && account !== null
      : account === null;
  return (
    isLive(token, Date.now()) && token.tenantStatus === 'active' && profile.basePath === basePath && isRightAccount
  );
}
