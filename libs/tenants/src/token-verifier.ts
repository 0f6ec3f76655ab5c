import { Database, type TenantId } from '@cleanmail/database';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { AccessTokens, hasAccessTokenForm } from './oauth/access-tokens.js';
import { isSameSecret, publicIdOf, tokenDigest, tokenHash } from './secret-token.js';
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

/** What is looked up of a token, and what it must then be equal to. */
interface TokenForm {
  readonly publicId: string;
  readonly hash: string;
}

const mostForms = 10_000;
const touchInterval = 60_000;
const mostTouched = 100_000;

/** Tells whom a credential belongs to. */
@Injectable()
export class TokenVerifier {
  private readonly logger = new Logger(TokenVerifier.name);
  private readonly touched = new Map<string, number>();
  /** What was computed of tokens that come again and again; whether they still open anything is asked each time. */
  private readonly forms = new Map<string, TokenForm>();

  constructor(
    private readonly database: Database,
    private readonly tokens: TokenRepository,
    private readonly cache: TokenCache,
    private readonly profiles: TenantProfiles,
    private readonly accessTokens: AccessTokens,
    @Inject(TOKEN_PEPPER) private readonly pepper: string,
  ) {}

  /**
   * The principal of a bearer credential, secret token or access token, on the path of a service; undefined for
   * everything that opens nothing there, without telling why.
   */
  async verify(credential: string, basePath: string): Promise<Principal | undefined> {
    const token = await (hasAccessTokenForm(credential)
      ? this.findByAccessToken(credential, basePath)
      : this.findSecret(credential, basePath));
    if (token === undefined) {
      return undefined;
    }
    this.touch(token);
    return { tenant: token.tenant, tokenId: token.id, profile: await this.profiles.of(token) };
  }

  /** The secret token that a text as it is pasted into Entra is, when it opens the service at this path. */
  async findSecret(credential: string, basePath: string): Promise<PresentedToken | undefined> {
    const colon = credential.indexOf(':');
    const text = credential.slice(colon + 1);
    const digest = tokenDigest(text);
    const form = this.forms.get(digest) ?? this.formOf(text);
    if (form === undefined) {
      return undefined;
    }
    const token = await this.find(form.hash, form.publicId);
    if (token === undefined || !isSameSecret(token.secretHash, form.hash)) {
      return undefined;
    }
    this.remember(digest, form);
    const account = colon < 0 ? null : credential.slice(0, colon);
    return isRightAccount(token, account) && opens(token, basePath) ? token : undefined;
  }

  private formOf(text: string): TokenForm | undefined {
    const publicId = publicIdOf(text);
    return publicId === undefined ? undefined : { publicId, hash: tokenHash(text, this.pepper) };
  }

  /** Only what has been a token once: others would push those out. */
  private remember(digest: string, form: TokenForm): void {
    if (this.forms.size >= mostForms) {
      this.forms.clear();
    }
    this.forms.set(digest, form);
  }

  /** The secret token behind an access token: it is asked for each time, so that both end together. */
  private async findByAccessToken(text: string, basePath: string): Promise<PresentedToken | undefined> {
    const claims = await this.accessTokens.read(text, basePath);
    if (claims === undefined) {
      return undefined;
    }
    const { tenant, publicId } = claims;
    const token = await this.find(`public id ${publicId}`, publicId);
    return token !== undefined && token.tenant === tenant && opens(token, basePath) ? token : undefined;
  }

  private find(cacheKey: string, publicId: string): Promise<PresentedToken | undefined> {
    return this.cache.get(cacheKey, () =>
      this.database.read((session) => this.tokens.findByPublicId(session, publicId)),
    );
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

function opens(token: PresentedToken, basePath: string): boolean {
  const profile = serviceProfiles[token.profile];
  return isLive(token, Date.now()) && token.tenantStatus === 'active' && profile.basePath === basePath;
}

function isRightAccount({ profile, serviceAccount }: PresentedToken, account: string | null): boolean {
  return serviceProfiles[profile].credential === 'account'
    ? isSameSecret(account ?? '', serviceAccount ?? '') && account !== null
    : account === null;
}
