import { type ListQuery, type ListResponse, groupResourceType } from '@cleanmail/scim';
import { type ResourceReply, ScimBody, ScimController, ScimListQuery, ScimOperation } from '@cleanmail/scim-http';
import { scimBasePaths } from '@cleanmail/tenants';
import { Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { GroupsEndpoint } from './groups.endpoint.js';
import { ProjectionQuery } from './projection-query.decorator.js';
import type { ProjectionParameters } from './resource-view.js';
import { Call, type ScimCall } from './scim-call.js';

/** `/Groups` (RFC 7644 section 3.2), on every profile. */
@ScimController(scimBasePaths, 'Groups')
export class GroupsController {
  constructor(private readonly groups: GroupsEndpoint) {}

  @Post()
  @ScimOperation('create', 'Group')
  create(
    @Call() call: ScimCall,
    @ScimBody() body: unknown,
    @ProjectionQuery() projection: ProjectionParameters,
  ): Promise<ResourceReply> {
    return this.groups.create(call, body, projection);
  }

  @Get()
  @ScimOperation('query', 'Group')
  query(@Call() call: ScimCall, @ScimListQuery(groupResourceType) query: ListQuery): Promise<ListResponse<unknown>> {
    return this.groups.query(call, query);
  }

  @Get(':id')
  @ScimOperation('read', 'Group')
  read(
    @Call() call: ScimCall,
    @Param('id') id: string,
    @ProjectionQuery() projection: ProjectionParameters,
  ): Promise<ResourceReply> {
    return this.groups.read(call, id, projection);
  }

  @Put(':id')
  @ScimOperation('replace', 'Group')
  replace(
    @Call() call: ScimCall,
    @Param('id') id: string,
    @ScimBody() body: unknown,
    @ProjectionQuery() projection: ProjectionParameters,
  ): Promise<ResourceReply> {
    return this.groups.replace(call, id, body, projection);
  }

  @Patch(':id')
  @ScimOperation('modify', 'Group')
  modify(
    @Call() call: ScimCall,
    @Param('id') id: string,
    @ScimBody() body: unknown,
    @ProjectionQuery() projection: ProjectionParameters,
  ): Promise<ResourceReply> {
    return this.groups.modify(call, id, body, projection);
  }

  @Delete(':id')
  @HttpCode(204)
  @ScimOperation('delete', 'Group')
  delete(@Call() call: ScimCall, @Param('id') id: string): Promise<void> {
    return this.groups.delete(call, id);
  }
}
