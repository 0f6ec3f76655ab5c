import { isLive, type IssuedToken, type Token, tokenEndpointPath, tokenPrefix } from '@cleanmail/tenants';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsInt, IsISO8601, IsString, Max, MaxLength, Min } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';

/** What issues a token. */
export class IssueTokenDto {
  @ApiPropertyOptional({ maxLength: 255, example: 'Entra production' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(255)
  readonly description?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @MayBeLeftOut()
  @IsISO8601({ strict: true })
  readonly expiresAt?: string;

  @ApiPropertyOptional({
    format: 'email',
    description: 'User half of the credential, for the sendsafely profile only.',
  })
  @MayBeLeftOut()
  @IsEmail({ require_tld: false })
  @MaxLength(320)
  readonly serviceAccount?: string;
}

/** What replaces a token. */
export class RotateTokenDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 2_592_000,
    default: 86_400,
    description: 'How long the old token lives on.',
  })
  @MayBeLeftOut()
  @IsInt()
  @Min(0)
  @Max(2_592_000)
  readonly overlapSeconds?: number;
}

/** A token as the admin REST shows it: never its secret. */
export class TokenView {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ description: 'How the token begins, to tell two apart.' }) readonly prefix!: string;
  @ApiProperty({ nullable: true, type: String }) readonly description!: string | null;
  @ApiProperty({ nullable: true, type: String }) readonly serviceAccount!: string | null;
  @ApiProperty({ enum: ['active', 'ended'] }) readonly status!: 'active' | 'ended';
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty() readonly createdBy!: string;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly expiresAt!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly revokedAt!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly lastUsedAt!: string | null;
}

/** A token at the one time when it is seen. */
export class IssuedTokenView extends TokenView {
  @ApiProperty({ description: 'The Secret Token as it is pasted into Entra; shown this once.' })
  readonly token!: string;
  @ApiProperty({ description: 'What is entered as Tenant URL in Entra.' }) readonly tenantUrl!: string;
  @ApiProperty({ description: 'Client id for OAuth client credentials; the client secret is the token.' })
  readonly clientId!: string;
  @ApiProperty({ description: 'What is entered as Token Endpoint in Entra for OAuth client credentials.' })
  readonly tokenEndpoint!: string;
}

/** Where a token is entered, and as whose. */
export interface TokenPlace {
  readonly clientId: string;
  readonly tenantUrl: string;
}

/** Renders a token without its secret. */
export function tokenView(token: Token): TokenView {
  return {
    id: token.id,
    prefix: tokenPrefix(token.publicId),
    description: token.description,
    serviceAccount: token.serviceAccount,
    status: isLive(token, Date.now()) ? 'active' : 'ended',
    createdAt: instant(token.createdAt),
    createdBy: token.createdBy,
    expiresAt: instant(token.expiresAt),
    revokedAt: instant(token.revokedAt),
    lastUsedAt: instant(token.lastUsedAt),
  };
}

/** Renders a token that was just issued. */
export function issuedTokenView(token: IssuedToken, { clientId, tenantUrl }: TokenPlace): IssuedTokenView {
  const tokenEndpoint = `${tenantUrl}/${tokenEndpointPath}`;
  return { ...tokenView(token), token: token.credential, tenantUrl, clientId, tokenEndpoint };
}
