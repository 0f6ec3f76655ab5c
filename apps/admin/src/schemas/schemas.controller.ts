import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { TenantSchemasService } from '@cleanmail/tenants';
import { Body, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { type Page, pageOf } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';
import {
  afterUrn,
  RegisterSchemaDto,
  ReplaceSchemaDto,
  SchemaPageQuery,
  schemaSummaryView,
  SchemaSummaryView,
  schemaView,
  SchemaView,
} from './schema.dto.js';

/** Extension schemas of a tenant: register, list, replace, retire. */
@AdminController('tenants/:tenantId/schemas')
export class SchemasController {
  constructor(private readonly schemas: TenantSchemasService) {}

  @Post()
  @ApiCreatedResponse({ type: SchemaView })
  async register(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Body() { resourceType, required = false, schema: document }: RegisterSchemaDto,
  ): Promise<SchemaView> {
    return schemaView(await this.schemas.register(tenant, actor, { resourceType, required, document }));
  }

  @Get()
  @ApiPage(SchemaSummaryView)
  async list(@TenantParam() tenant: TenantId, @Query() query: SchemaPageQuery): Promise<Page<SchemaSummaryView>> {
    const schemas = await this.schemas.list(tenant, { ...afterUrn(query), limit: query.limit + 1 });
    return pageOf(schemas.map(schemaSummaryView), query.limit, (view) => view);
  }

  @Get(':urn')
  @ApiOkResponse({ type: SchemaView })
  async read(@TenantParam() tenant: TenantId, @Param('urn') urn: string): Promise<SchemaView> {
    return schemaView(await this.schemas.get(tenant, urn));
  }

  @Put(':urn')
  @ApiOkResponse({ type: SchemaView })
  async replace(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('urn') urn: string,
    @Body() { resourceType, required = false, schema: document }: ReplaceSchemaDto,
  ): Promise<SchemaView> {
    return schemaView(await this.schemas.replace(tenant, actor, urn, { resourceType, required, document }));
  }

  /** Ends a schema without losing what is stored under it: registered again, it is all there. */
  @Delete(':urn')
  @HttpCode(204)
  retire(@TenantParam() tenant: TenantId, @CurrentActor() actor: Actor, @Param('urn') urn: string): Promise<void> {
    return this.schemas.retire(tenant, actor, urn);
  }
}
