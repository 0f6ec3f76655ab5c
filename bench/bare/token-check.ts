import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a token opens. */
export interface KnownToken {
  readonly tenant: string;
  readonly tokenId: string;
}

/** The one look-up of a token by its public id; undefined when there is none. */
export type TokenLookup = (publicId: string) => Promise<(KnownToken & { readonly secretHash: string }) | undefined>;

/** As long as the service believes what it has read of a token. */
const lifeMilliseconds = 500;

/** The same check as the service's: HMAC of the token, compared with what the database said at most half a second ago. */
export class TokenCheck {
  private readonly known = new Map<string, { readonly readAt: number; readonly token: ReturnType<TokenLookup> }>();

  constructor(
    private readonly pepper: string,
    private readonly lookUp: TokenLookup,
  ) {}

  /** The token of an Authorization header; undefined when it opens nothing. */
  async check(header: string | undefined): Promise<KnownToken | undefined> {
    const text = header?.slice('Bearer '.length) ?? '';
    const hash = createHmac('sha256', this.pepper).update(text).digest('hex');
    const token = await this.find(hash, text.slice('cm_'.length, 'cm_'.length + 16));
    return token !== undefined && timingSafeEqual(Buffer.from(token.secretHash), Buffer.from(hash)) ? token : undefined;
  }

  private find(hash: string, publicId: string): ReturnType<TokenLookup> {
    const now = Date.now();
    const known = this.known.get(hash);
    if (known !== undefined && now - known.readAt < lifeMilliseconds) return known.token;
    const token = this.lookUp(publicId);
    this.known.set(hash, { readAt: now, token });
    return token;
  }
}
