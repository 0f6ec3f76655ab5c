import type { AuditEntry, ProvisioningLogEntry } from '@cleanmail/journal';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsString, MaxLength } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { PageQuery } from '../page.js';

/** Which entries of the provisioning log to list. */
export class LogQueryDto extends PageQuery {
  @ApiPropertyOptional({ description: 'Id or userName.' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(600)
  readonly user?: string;

  @ApiPropertyOptional({ enum: ['success', 'failure'] })
  @MayBeLeftOut()
  @IsIn(['success', 'failure'])
  readonly outcome?: 'success' | 'failure';

  @ApiPropertyOptional({ format: 'date-time' })
  @MayBeLeftOut()
  @IsISO8601()
  readonly since?: string;
}

/** An entry of the provisioning log as the admin REST shows it. */
export class LogEntryView {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ format: 'date-time' }) readonly at!: string;
  @ApiProperty() readonly tokenId!: string;
  @ApiProperty() readonly requestId!: string;
  @ApiProperty() readonly method!: string;
  @ApiProperty({ enum: ['create', 'read', 'query', 'replace', 'modify', 'delete', 'bulk', 'discover'] })
  readonly operation!: string;
  @ApiPropertyOptional() readonly resourceType?: string;
  @ApiPropertyOptional() readonly resourceId?: string;
  @ApiPropertyOptional() readonly userName?: string;
  @ApiProperty({ enum: ['success', 'failure'] }) readonly outcome!: string;
  @ApiProperty({ type: 'integer' }) readonly status!: number;
  @ApiPropertyOptional() readonly scimType?: string;
  @ApiPropertyOptional({ description: 'The error in words.' }) readonly detail?: string;
  @ApiProperty({ type: 'integer' }) readonly durationMs!: number;
  @ApiProperty({ type: [String], description: 'Names of the attributes that changed.' })
  readonly changes!: readonly string[];
}

/** Renders an entry. */
export function logEntryView({ at, ...entry }: ProvisioningLogEntry): LogEntryView {
  return { ...entry, at: instant(at) };
}

/** An action of support staff as the admin REST shows it. */
export class AuditEntryView {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ format: 'date-time' }) readonly at!: string;
  @ApiProperty() readonly actor!: string;
  @ApiProperty() readonly action!: string;
  @ApiProperty() readonly target!: string;
  @ApiProperty({ nullable: true, type: String }) readonly requestId!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true }) readonly details!: Readonly<Record<string, unknown>>;
}

/** Renders an audit entry. */
export function auditEntryView({ at, ...entry }: AuditEntry): AuditEntryView {
  return { ...entry, at: instant(at) };
}
