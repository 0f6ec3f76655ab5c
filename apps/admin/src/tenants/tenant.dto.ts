import { isOwned } from '@cleanmail/mailboxes';
import { type ProfileName, profileNames, serviceProfiles, type TenantWithDomains } from '@cleanmail/tenants';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import type { ScimAddress } from '@cleanmail/listener';
import { tenantDialectView, TenantDialectView } from './tenant-dialect.view.js';

const notEmpty = { message: 'name should not be empty' };

/** What creates a tenant. */
export class CreateTenantDto {
  @ApiProperty({ example: 'Contoso AG', maxLength: 255 })
  @IsString()
  @Matches(/\S/, notEmpty)
  @MaxLength(255)
  readonly name!: string;

  @ApiProperty({ enum: profileNames })
  @IsIn(profileNames)
  readonly profile!: ProfileName;

  @ApiPropertyOptional({
    example: ['contoso.ch'],
    description: 'Mail domains that the tenant owns; none: any address is accepted.',
  })
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  readonly domains?: string[];
}

/** What changes a tenant: its name, or whether it may be used. */
export class ChangeTenantDto {
  @ApiPropertyOptional({ maxLength: 255 })
  @MayBeLeftOut()
  @IsString()
  @Matches(/\S/, notEmpty)
  @MaxLength(255)
  readonly name?: string;

  @ApiPropertyOptional({ enum: ['active', 'suspended'] })
  @MayBeLeftOut()
  @IsIn(['active', 'suspended'])
  readonly status?: 'active' | 'suspended';
}

/** A tenant as the admin REST shows it. */
export class TenantView {
  @ApiProperty() readonly id!: string;
  @ApiProperty() readonly name!: string;
  @ApiProperty({ enum: profileNames }) readonly profile!: ProfileName;
  @ApiProperty({ type: [String], description: 'Those that it owns.' }) readonly domains!: readonly string[];
  @ApiProperty({ enum: ['active', 'suspended'] }) readonly status!: string;
  @ApiProperty({ description: 'What is entered as Tenant URL in Entra.' }) readonly tenantUrl!: string;
  @ApiProperty({ type: TenantDialectView, nullable: true, description: 'null until a request has shown one.' })
  readonly dialect!: TenantDialectView | null;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly updatedAt!: string;
}

/** Renders a tenant. */
export function tenantView(
  { id, name, profile, domains, status, dialect, createdAt, updatedAt }: TenantWithDomains,
  address: ScimAddress,
): TenantView {
  return {
    id,
    name,
    profile,
    domains: domains.filter(isOwned).map((domain) => domain.name),
    status,
    tenantUrl: tenantUrl(profile, address),
    dialect: dialect === null ? null : tenantDialectView(dialect),
    createdAt: instant(createdAt),
    updatedAt: instant(updatedAt),
  };
}

/** What is entered as Tenant URL in Entra. */
export function tenantUrl(profile: ProfileName, { url }: ScimAddress): string {
  return `${url}${serviceProfiles[profile].basePath}`;
}
