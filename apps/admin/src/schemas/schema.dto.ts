import { type ExtensibleType, extensibleTypes, mostSchemas, type TenantSchema } from '@cleanmail/tenants';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsObject, IsString, MaxLength } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { after, LimitQuery } from '../page.js';

const example = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
  id: 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User',
  name: 'ContosoUser',
  description: 'What Contoso keeps of its people',
  attributes: [{ name: 'badge', type: 'string', description: 'Number of the badge' }],
};

/** What registers an extension schema. */
export class RegisterSchemaDto {
  @ApiProperty({ enum: extensibleTypes, description: 'The resource type that it extends.' })
  @IsIn(extensibleTypes)
  readonly resourceType!: ExtensibleType;

  @ApiPropertyOptional({
    default: false,
    description:
      'Whether every resource that is created or replaced must carry it. Resources that lack it can still be patched.',
  })
  @MayBeLeftOut()
  @IsBoolean()
  readonly required?: boolean;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example,
    description:
      'The schema as RFC 7643 section 7 has it; what is left out has the defaults of section 2.2. At most 100 ' +
      'attributes with 50 sub-attributes each and 65,536 characters. Members that section 7 does not know are refused, ' +
      'but for meta. Values of writeOnly attributes are checked and not kept.',
  })
  @IsObject()
  readonly schema!: Record<string, unknown>;
}

/** What replaces an extension schema by a compatible version. */
export class ReplaceSchemaDto extends RegisterSchemaDto {}

/** Which page of the schemas to list: their ids are URNs, so the cursors are longer. */
export class SchemaPageQuery extends LimitQuery {
  @ApiPropertyOptional({ description: 'nextCursor of the page before' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(400)
  readonly cursor?: string;
}

/** The URN after which a page begins; nothing on the first one. @throws InvalidCursorError */
export function afterUrn(query: SchemaPageQuery): { readonly after?: string } {
  return after(query, (id) => id.toLowerCase().startsWith('urn:'));
}

/** An extension schema in a list: without its attributes. */
export class SchemaSummaryView {
  @ApiProperty({ description: 'Its URN.' }) readonly id!: string;
  @ApiProperty() readonly name!: string;
  @ApiProperty() readonly description!: string;
  @ApiProperty({ enum: extensibleTypes }) readonly resourceType!: ExtensibleType;
  @ApiProperty() readonly required!: boolean;
  @ApiProperty({ type: [String], description: `Names of its attributes; a tenant has up to ${mostSchemas} schemas.` })
  readonly attributes!: readonly string[];
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly updatedAt!: string;
}

/** An extension schema as the admin REST shows it. */
export class SchemaView extends SchemaSummaryView {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The schema as it was registered, with all defaults filled in; it can be sent back to change it.',
  })
  readonly schema!: Readonly<Record<string, unknown>>;
}

/** Renders a schema for a list. */
export function schemaSummaryView({
  schema: { id, name, description, attributes },
  resourceType,
  required,
  createdAt,
  updatedAt,
}: TenantSchema): SchemaSummaryView {
  return {
    id,
    name,
    description,
    resourceType,
    required,
    attributes: attributes.map((attribute) => attribute.name),
    createdAt: instant(createdAt),
    updatedAt: instant(updatedAt),
  };
}

/** Renders a schema whole. */
export function schemaView(schema: TenantSchema): SchemaView {
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Schema'];
  return { ...schemaSummaryView(schema), schema: { schemas, ...schema.schema } };
}
